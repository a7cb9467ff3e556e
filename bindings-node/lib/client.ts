/** The client: its settings, entities and dictionaries. */
/// <reference lib="esnext.disposable" preserve="true" />

import { bindMethods } from './bound-methods.js';
import { Entity } from './entity.js';
import { withCamelCaseKeys } from './errors.js';
import { type EgitoEvent, listen } from './events.js';
import type { CallSettings, Settings } from './generated/settings.js';
import { toJson } from './json-writer.js';
import { type NativeClient, native } from './native.js';
import { completions, nativeCall, unwrap } from './native-call.js';
import { CALL_OPTIONS, type CallOptions, checkOptions, type EntityCallOptions, requireObject } from './options.js';
import { Outbox, type OutboxOptions } from './outbox.js';
import { type ProbeOptions, ProbeReport, type ReportJson } from './probe.js';
import type { EgitoRecord, RecordOf } from './record.js';
import { RecordList } from './record-list.js';
import { configError, requireString } from './values.js';
import { withSettings } from './with-settings.js';

/** Options of a client: its settings, and options for JavaScript only. */
export interface ClientOptions extends Settings {
  /** How integers beyond 2^53 are returned: as `bigint` (default), which is sent back exactly, or as strings of all digits. */
  readonly integers?: 'bigint' | 'string' | undefined;
  /**
   * Called at the end of every attempt, logins included; with `startEvents` also at its start. It runs in the async context of the
   * call that caused the event, so `AsyncLocalStorage` works. It does not keep the process alive, and {@link Client.close} removes it.
   * An error that it throws is an uncaught exception.
   */
  readonly onEvent?: ((event: EgitoEvent) => void) | undefined;
}

/** Marks settings that override those of the environment. A subclass may copy them before it calls the constructor. */
const FROM_ENV = Symbol('from the environment');

/** Key of the path of a file with settings, which the others override. */
const FROM_FILE = Symbol('from a file');

/** Key of an existing native client, instead of settings. */
const NATIVE_CLIENT = Symbol('native client');

interface InternalOptions extends ClientOptions {
  readonly [FROM_ENV]?: boolean;
  readonly [FROM_FILE]?: string;
  readonly [NATIVE_CLIENT]?: NativeClient;
}

const HINT = 'pass an object such as { name, clientId, … }, or use Client.fromEnv()';

/** Counters of a client. */
export interface Stats {
  /** Number of calls started. Each page of a list is a call. */
  readonly calls: number;
  /** Number of requests of these calls, retries included, logins not. */
  readonly attempts: number;
  /** Number of retries: attempts after a delay, because the one before failed. */
  readonly retries: number;
  /** Number of token requests. */
  readonly logins: number;
  /** Total size of request bodies in bytes. */
  readonly bytesSent: number;
  /** Total size of response bodies in bytes, after decompression. */
  readonly bytesReceived: number;
}

/**
 * A client for one customer's Egito. It logs in with its first call, and renews its token automatically.
 *
 * ```js
 * const client = new Client({ name: 'firma', clientId, clientSecret, username: 'jan@firma', password });
 * const id = await client.accounts.create({ name: 'Żubr sp. z o.o.' });
 * ```
 *
 * In TypeScript, `R` has the record types of entities: `new Client<{ Lead: MyLead }>(settings).leads.get(1)` resolves to a `MyLead`.
 */
// biome-ignore lint/complexity/noBannedTypes: by default no record type is known
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

  /** Creates a client, and sends nothing yet. Throws `ConfigError` that names a missing or invalid setting. */
  constructor(settings: ClientOptions) {
    requireObject(settings, 'settings', HINT);
    const { [NATIVE_CLIENT]: client, ...options } = settings as InternalOptions;
    this.#native = client ?? openClient(options);
    bindMethods(this, Client.prototype);
    this.accounts = this.entity('Account');
    this.contacts = this.entity('Contact');
    this.opportunities = this.entity('Opportunity');
    this.leads = this.entity('Lead');
  }

  /**
   * Creates a client from `EGITO_NAME` (or `EGITO_BASE_URL`), `EGITO_API_ID`, `EGITO_API_SECRET`, `EGITO_USERNAME` and
   * `EGITO_PASSWORD`, from the variables of other settings, such as `EGITO_PAGE_SIZE`, and from the file that `EGITO_CONFIG` names.
   * `overrides` replace or add settings. Called on a subclass, it creates an instance of that class.
   */
  static fromEnv<C extends Client<object> = Client>(
    this: new (
      settings: ClientOptions,
    ) => C,
    overrides: Partial<ClientOptions> = {},
  ): C {
    requireObject(overrides, 'settings', HINT);
    const settings: InternalOptions = { ...(overrides as ClientOptions), [FROM_ENV]: true };
    // biome-ignore lint/complexity/noThisInStatic: the class that it was called on, or undefined if called without a class
    const Class = this ?? (Client as new (settings: ClientOptions) => Client as typeof this);
    return new Class(settings);
  }

  /**
   * Creates a client from a TOML file with settings, under their names in `snake_case`. `overrides` replace or add settings. The
   * environment is not read. Throws `ConfigError` with the path and the line of an unknown or invalid setting.
   *
   * ```js
   * const client = Client.fromFile('egito.toml', { timeoutMs: 30_000 });
   * ```
   */
  static fromFile<C extends Client<object> = Client>(
    this: new (
      settings: ClientOptions,
    ) => C,
    path: string,
    overrides: Partial<ClientOptions> = {},
  ): C {
    requireObject(overrides, 'settings', HINT);
    const settings: InternalOptions = { ...(overrides as ClientOptions), [FROM_FILE]: requireString(path, 'path') };
    // biome-ignore lint/complexity/noThisInStatic: the class that it was called on, or undefined if called without a class
    const Class = this ?? (Client as new (settings: ClientOptions) => Client as typeof this);
    return new Class(settings);
  }

  /**
   * Returns a client with other settings for its calls. It shares tokens, connections, counters and `onEvent` with this one, and is a
   * plain `Client` even if this is a subclass. Throws `ConfigError` for an invalid value, or a setting of the whole client.
   *
   * ```js
   * const account = await client.withOptions({ timeoutMs: 5_000, maxRetries: 0 }).accounts.get(1);
   * ```
   */
  withOptions(settings: CallSettings): Client<R> {
    const options = { [NATIVE_CLIENT]: withSettings(this.#native, settings) };
    return new Client<R>(options as unknown as ClientOptions);
  }

  /** Returns an entity by its name. `T` is the type of its records. Throws `ConfigError` for an invalid name. */
  entity<N extends string>(name: N): Entity<RecordOf<R, N>>;
  entity<T extends object = EgitoRecord>(name: string): Entity<T>;
  entity<T extends object = EgitoRecord>(name: string): Entity<T> {
    return new Entity<T>(this.#native, name);
  }

  /** Returns the entries of a dictionary, such as `industry`. */
  dictionary(type: string, options: CallOptions = {}): RecordList<EgitoRecord> {
    const callOptions = checkOptions(options, ...CALL_OPTIONS);
    return new RecordList((...args) => this.#native.dictionary(requireString(type, 'type'), ...args), {}, callOptions);
  }

  /**
   * Returns the outbox in a file, which its first use creates: writes that are stored there first, and sent to the server later. Every
   * process and worker thread of a machine can use the same file. It must be on a local disk.
   *
   * ```js
   * const outbox = client.outbox('egito-outbox.db');
   * await outbox.put('Lead', { formKey: '2026-11-27-0017', lastName: 'Ryś' }, { key: 'formKey' });
   * ```
   *
   * Throws `ConfigError` (setting `outbox`) if the path is not that of a file in an existing folder, or names an invalid option.
   */
  outbox(path: string, options: OutboxOptions = {}): Outbox<R> {
    requireString(path, 'outbox');
    const given = toJson(checkOptions(options, 'concurrency', 'keepDays', 'lookup'), 'options');
    const outbox = this.#native.outbox(path, given);
    return new Outbox<R>('put' in outbox ? outbox : unwrap<never>(outbox));
  }

  /** Runs a custom action of the API, see {@link Entity.call}. */
  // biome-ignore lint/suspicious/noExplicitAny: only the caller knows the result of the action
  async call<R = any>(entity: string, action: string, params?: object, options?: EntityCallOptions): Promise<R> {
    return this.entity(entity).call<R>(action, params, options);
  }

  /**
   * Checks the settings on the server, and finds those that it needs. It logs in two or three times, sends about 25 reads, and writes
   * nothing unless the option `write` asks for it. Failed checks are part of the report.
   *
   * ```js
   * const report = await client.probe();
   * console.log(report.toText());
   * ```
   */
  async probe(options: ProbeOptions = {}): Promise<ProbeReport> {
    const { signal, ...given } = checkOptions(options, 'entities', 'write', 'record', 'timeoutMs', 'signal');
    const json = toJson(given, 'options');
    const report = nativeCall<ReportJson>((...args) => this.#native.probe(args[0], json, args[1]), { signal });
    return new ProbeReport(await report);
  }

  /** Returns the counters of this client. */
  stats(): Stats {
    return withCamelCaseKeys(JSON.parse(this.#native.stats())) as unknown as Stats;
  }

  /**
   * Closes the client: new calls fail with `ConfigError`, and idle connections are closed.
   *
   * Resolves when the calls in flight have finished. After the setting `closeTimeoutMs`, those that have not reject with
   * `CancelledError`, or `OutcomeUnknownError` for a create that was sent. The process can end without it.
   */
  async close(): Promise<void> {
    await nativeCall((callId) => this.#native.close(callId), {});
  }

  /** Closes the client at the end of a block: `await using client = Client.fromEnv()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal Only native modules with the cargo feature `test-panic` have the function. */
  panicForTests(inCore = true): Promise<unknown> {
    return nativeCall((callId) => this.#native.panicForTests(callId, inCore), {});
  }
}

/** Opens a client of the core. */
function openClient(options: InternalOptions): NativeClient {
  const { onEvent, integers = 'bigint', [FROM_ENV]: fromEnv = false, [FROM_FILE]: file, ...settings } = options;
  if (integers !== 'bigint' && integers !== 'string') {
    throw configError('integers', `invalid \`integers\`: expected 'bigint' or 'string', got ${String(integers)}`);
  }
  const client = native.openClient(toJson(settings, 'settings'), fromEnv, file, integers === 'string', completions);
  if (!('close' in client)) {
    return unwrap<never>(client);
  }
  listen(client, onEvent);
  return client;
}
