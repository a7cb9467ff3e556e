/** The client: settings in, entities out. */
/// <reference lib="esnext.disposable" preserve="true" />

import { ask, queue, resultOf } from './ask.js';
import { bindMethods } from './bound-methods.js';
import { withSettings } from './call-settings.js';
import { Entity } from './entity.js';
import { camelCased } from './errors.js';
import { type EgitoEvent, listen } from './events.js';
import type { CallSettings, Settings } from './generated/settings.js';
import { toJson } from './json-writer.js';
import { type NativeClient, native } from './native.js';
import { CALL, type CallOptions, type EntityCallOptions, object, options } from './options.js';
import type { EgitoRecord, RecordOf } from './record.js';
import { RecordList } from './record-list.js';
import { text, wrong } from './values.js';

/** What a client is made from: its settings, and what only JavaScript has. */
export interface ClientOptions extends Settings {
  /** How integers beyond 2^53 come out: as `bigint`s (default), which go back in exactly, or as texts with all their digits. */
  readonly integers?: 'bigint' | 'string' | undefined;
  /**
   * Called at the end of every attempt, logins included; with `startEvents` also at its start. It runs in the async context of the
   * call that caused the event, so that `AsyncLocalStorage` works. It does not keep the process alive; {@link Client.close} lets it go. What it throws is an uncaught exception of the program.
   */
  readonly onEvent?: ((event: EgitoEvent) => void) | undefined;
}

/** Marks settings that are laid over those of the environment. A subclass may copy them on the way to the constructor. */
const FROM_ENV = Symbol('from the environment');

/** Marks a native client that is there already, in place of settings. */
const OPENED = Symbol('opened');

interface Marked extends ClientOptions {
  readonly [FROM_ENV]?: boolean;
  readonly [OPENED]?: NativeClient;
}

const ADVICE = 'pass an object such as { name, clientId, … }, or use Client.fromEnv()';

/** What a client has done so far. */
export interface Stats {
  /** Calls that were begun; each page of a list is one. */
  readonly calls: number;
  /** Requests of these calls, repeats included, logins not. */
  readonly attempts: number;
  /** Attempts after a pause, because the one before failed. */
  readonly retries: number;
  /** Requests to the token address. */
  readonly logins: number;
  /** Bytes of request bodies. */
  readonly bytesSent: number;
  /** Bytes of response bodies, after decompression. */
  readonly bytesReceived: number;
}

/**
 * The connection to one customer's Egito. It logs in at its first call, and renews its token by itself.
 *
 * ```js
 * const client = new Client({ name: 'firma', clientId, clientSecret, username: 'jan@firma', password });
 * const id = await client.accounts.create({ name: 'Żubr sp. z o.o.' });
 * ```
 *
 * In TypeScript `R` is what the records of entities look like: `new Client<{ Lead: MyLead }>(settings).leads.get(1)` is a `MyLead`.
 */
// biome-ignore lint/complexity/noBannedTypes: no type of a record is given
export class Client<R extends object = {}> {
  /** Accounts (kontrahenci). */
  readonly accounts: Entity<RecordOf<R, 'Account'>>;
  /** Contacts. */
  readonly contacts: Entity<RecordOf<R, 'Contact'>>;
  /** Opportunities (szanse sprzedaży). */
  readonly opportunities: Entity<RecordOf<R, 'Opportunity'>>;
  /** Leads. */
  readonly leads: Entity<RecordOf<R, 'Lead'>>;

  readonly #native: NativeClient;

  /** Throws `ConfigError`, naming the setting that is missing or wrong. Nothing is sent yet. */
  constructor(given: ClientOptions) {
    object(given, 'settings', ADVICE);
    const { [OPENED]: client, ...options } = given as Marked;
    this.#native = client ?? opened(options);
    bindMethods(this, Client.prototype);
    this.accounts = this.entity('Account');
    this.contacts = this.entity('Contact');
    this.opportunities = this.entity('Opportunity');
    this.leads = this.entity('Lead');
  }

  /**
   * A client from `EGITO_NAME` (or `EGITO_BASE_URL`), `EGITO_API_ID`, `EGITO_API_SECRET`, `EGITO_USERNAME` and
   * `EGITO_PASSWORD`, with `overrides` laid over them. Of a subclass it makes a client of that class.
   */
  static fromEnv<C extends Client<object> = Client>(
    this: new (
      settings: ClientOptions,
    ) => C,
    overrides: Partial<ClientOptions> = {},
  ): C {
    object(overrides, 'settings', ADVICE);
    const settings: Marked = { ...(overrides as ClientOptions), [FROM_ENV]: true };
    // biome-ignore lint/complexity/noThisInStatic: the class that it was called on; none where it was taken out of its class
    const Class = this ?? (Client as new (settings: ClientOptions) => Client as typeof this);
    return new Class(settings);
  }

  /**
   * Returns the same client, whose calls have other settings: it shares tokens, connections, counters and `onEvent` with this one. Throws
   * `ConfigError` for a wrong value, or a setting that belongs to the whole client. Of a subclass it is a plain `Client`.
   *
   * ```js
   * const account = await client.withOptions({ timeoutMs: 5_000, maxRetries: 0 }).accounts.get(1);
   * ```
   */
  withOptions(settings: CallSettings): Client<R> {
    const marked = { [OPENED]: withSettings(this.#native, settings) };
    return new Client<R>(marked as unknown as ClientOptions);
  }

  /** Any entity by its name; throws `ConfigError` where no entity can have it. `T` is what its records look like. */
  entity<N extends string>(name: N): Entity<RecordOf<R, N>>;
  entity<T extends object = EgitoRecord>(name: string): Entity<T>;
  entity<T extends object = EgitoRecord>(name: string): Entity<T> {
    return new Entity<T>(this.#native, name);
  }

  /** The entries of a dictionary such as `industry`. */
  dictionary(type: string, given: CallOptions = {}): RecordList<EgitoRecord> {
    const own = options(given, ...CALL);
    return new RecordList((...args) => this.#native.dictionary(text(type, 'type'), ...args), {}, own);
  }

  /** Any other action of the API, see {@link Entity.call}. */
  // biome-ignore lint/suspicious/noExplicitAny: only the caller knows what the action answers
  async call<R = any>(entity: string, action: string, params?: object, options?: EntityCallOptions): Promise<R> {
    return this.entity(entity).call<R>(action, params, options);
  }

  /** What this client has done so far. */
  stats(): Stats {
    return camelCased(JSON.parse(this.#native.stats())) as unknown as Stats;
  }

  /**
   * Closes the client: from now on calls fail with `ConfigError`, and idle connections are closed.
   *
   * Resolves when the calls in flight have ended, at most after the setting `closeTimeoutMs`; what is still in flight then
   * rejects with `CancelledError`, or `OutcomeUnknownError` where a create was sent. Not needed for the process to end.
   */
  async close(): Promise<void> {
    await ask((ticket) => this.#native.close(ticket), {});
  }

  /** Closes the client at the end of a block: `await using client = Client.fromEnv()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal */
  panicForTests(inCore = true): Promise<unknown> {
    return ask((ticket) => this.#native.panicForTests(ticket, inCore), {});
  }
}

/** Opens a client of the core. */
function opened(given: Marked): NativeClient {
  const { onEvent, integers = 'bigint', [FROM_ENV]: fromEnv = false, ...settings } = given;
  if (integers !== 'bigint' && integers !== 'string') {
    throw wrong('integers', `\`integers\` is 'bigint' or 'string', not ${String(integers)}`);
  }
  const client = native.openClient(toJson(settings, 'settings'), fromEnv, integers === 'string', queue);
  if (!('close' in client)) {
    return resultOf<never>(client);
  }
  listen(client, onEvent);
  return client;
}
