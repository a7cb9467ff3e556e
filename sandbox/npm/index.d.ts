/// <reference lib="esnext.disposable" />

/** Options to start a sandbox. */
export interface SandboxOptions {
  /** Number of records to fill the entity `Account` up to with generated ones. */
  readonly records?: number | undefined;
  /** File with a seed document to use instead of the built-in one. */
  readonly seed?: string | undefined;
  /** SQLite file to store the records in. */
  readonly data?: string | undefined;
  /** Port to listen on. 0, the default, uses a free one. */
  readonly port?: number | undefined;
  /** Path of the program, by default that of the platform's package. */
  readonly program?: string | undefined;
}

/** Settings of a client for the sandbox. */
export interface SandboxSettings {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

/** Actions in faults and the journal; `call` is a custom action of an entity. */
export type SandboxAction = 'login' | 'create' | 'get' | 'update' | 'delete' | 'list' | 'dictionary' | 'call';

/** Makes requests fail. A fault needs an effect: `response`, `delayMs`, `dripMs`, `cut`, `hold` or `expireToken`. */
export interface Fault {
  /** The requests that match; all given fields must match. */
  readonly on?: {
    readonly action?: SandboxAction;
    readonly entity?: string;
    readonly method?: 'GET' | 'POST' | 'DELETE';
    readonly path?: string;
    readonly query?: Readonly<Record<string, string>>;
  };
  /** Number of matching requests that are let through first. Default 0. */
  readonly skip?: number;
  /** Number of requests to apply it to after those. Default 1; 0 means all. */
  readonly times?: number;
  /** Response to send instead of the real one, with one of `json`, `body` and `bodyBase64`. */
  readonly response?: {
    /** From 200 (default) to 599. */
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    readonly json?: unknown;
    readonly body?: string;
    readonly bodyBase64?: string;
  };
  /** With `response`: do the action nevertheless. Default false. */
  readonly apply?: boolean;
  /** Milliseconds to wait before the response, after the action. */
  readonly delayMs?: number;
  /** Milliseconds between chunks of the body. */
  readonly dripMs?: number;
  /** Closes the connection: `before` the action, `after` it, or in the `middle` of the response body. */
  readonly cut?: 'before' | 'after' | 'middle';
  /** Name of a hold: the request waits before the action until {@link Sandbox.release} is called with this name. */
  readonly hold?: string;
  /** Expires the token of the request first. */
  readonly expireToken?: boolean;
}

/** Behaviour of the server. The sandbox's README has meanings and defaults. */
export interface SandboxConfig {
  readonly pageCap?: number | null;
  readonly pageDefault?: number | null;
  readonly ignoreOffset?: boolean;
  readonly ignoreMax?: boolean;
  readonly listForm?: string;
  readonly otherList?: string | null;
  readonly totalKey?: string | null;
  readonly totalDelta?: number;
  readonly hideTotalOnPage?: boolean;
  readonly unsorted?: 'id' | 'random';
  readonly randomTies?: boolean;
  readonly limitParam?: string;
  readonly offsetParam?: string;
  readonly sortParam?: string;
  readonly orderParam?: string;
  readonly idParam?: string;
  readonly body?: 'any' | 'json' | 'form';
  readonly validationStatus?: number;
  readonly errorsForm?: 'objects' | 'strings' | 'one_object' | 'one_string' | 'single_error' | 'success_false';
  readonly notFoundForm?: 'errors' | 'empty' | 'null' | 'object';
  readonly idForm?: 'number' | 'string';
  readonly tokenParams?: 'any' | 'form' | 'query';
  readonly tokenSeconds?: number;
  readonly refreshSeconds?: number;
  readonly expiresIn?: 'remaining' | 'missing' | number;
  readonly tokenType?: string;
  readonly tokenOmit?: readonly string[];
  readonly rotateRefresh?: boolean;
  readonly echoToken?: boolean;
  readonly tokenRaceMs?: number;
  readonly locale?: 'pl' | 'en';
  readonly decimalFields?: readonly string[];
  readonly formCharset?: 'UTF-8' | 'ISO-8859-1';
  readonly timeZone?: 'Europe/Warsaw' | 'UTC';
}

/** State after a {@link Sandbox.reset}. */
export interface SandboxState {
  /** `default` (what it was started with), `empty` (no records), or a seed document. */
  readonly seed?: 'default' | 'empty' | object;
  /** Number of records to fill entities up to with generated ones, by entity. */
  readonly records?: Readonly<Record<string, number>>;
  readonly config?: SandboxConfig;
}

/** Selects requests of the journal. */
export interface JournalFilter {
  readonly action?: SandboxAction | undefined;
  readonly entity?: string | undefined;
  /** Whether the client disconnected. */
  readonly clientGone?: boolean | undefined;
  /** Minimum number of matching requests to wait for. */
  readonly wait?: number | undefined;
}

/** A request that the sandbox received. */
export interface JournalEntry {
  /** Number of the request, from 1. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly action: SandboxAction;
  readonly entity: string | null;
  /** Grant of a login. */
  readonly grant: string | null;
  /** By name in lower case; secrets are `***`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body, if it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: only the reader knows what was sent
  readonly json: any;
  /** The body, if it is a form. */
  readonly form: Readonly<Record<string, string>> | null;
  /** HTTP status; `null` while there is no response, and if the connection was closed or the client had disconnected. */
  readonly status: number | null;
  /** Whether the action was done. */
  readonly applied: boolean;
  /** Number of the access token, in the order in which tokens were issued. */
  readonly token: number | null;
  readonly tokenIn: string | null;
  /** Number of the connection, in the order of their first requests. */
  readonly connection: number;
  /** Number of requests in flight when this one arrived, including itself. */
  readonly inFlight: number;
  /** Whether the client disconnected before the end of the response. */
  readonly clientGone: boolean;
  /** When the request arrived: ISO 8601, UTC, with milliseconds. */
  readonly time: string;
  /** Milliseconds until the response was ready, or the connection closed; `null` before that. */
  readonly durationMs: number | null;
  /** The fault that met the request: its number, and its effects. `status` is that of its response. */
  readonly fault:
    | ({ readonly id: number; readonly status?: number } & Pick<
        Fault,
        'delayMs' | 'dripMs' | 'cut' | 'hold' | 'expireToken'
      >)
    | null;
}

/** A local Egito CRM. It stops with this process at the latest. */
export interface Sandbox {
  /** Its address. */
  readonly address: string;
  /** Address of its page, which shows and controls it in a browser. */
  readonly page: string;
  /** Settings for `new Client(sandbox.settings)`. */
  readonly settings: SandboxSettings;
  /** Resets data, tokens, faults, journal, clock and config. */
  reset(state?: SandboxState): Promise<void>;
  /** Adds records unchanged, and returns their ids. */
  seed(entities: Readonly<Record<string, readonly object[]>>): Promise<{ ids: Record<string, (number | string)[]> }>;
  /** Changes the behavior of the server. */
  config(changes: SandboxConfig): Promise<void>;
  /** Adds faults, which make requests fail. */
  fault(fault: Fault | readonly Fault[]): Promise<void>;
  /** Removes all faults. Held requests wait until they are released. */
  clearFaults(): Promise<void>;
  /** Lets held requests continue. */
  release(name: string): Promise<void>;
  /** Advances the server's clock, so that tokens expire. */
  advance(seconds: number): Promise<void>;
  /** Returns the requests received, oldest first. */
  journal(filter?: JournalFilter): Promise<JournalEntry[]>;
  /** Clears the journal. */
  clearJournal(): Promise<void>;
  /** Returns all stored records of an entity. */
  // biome-ignore lint/suspicious/noExplicitAny: as the client's own records
  records(entity: string): Promise<any[]>;
  /** Sends any other command of the control API, see the sandbox's README. */
  // biome-ignore lint/suspicious/noExplicitAny: each command returns something else
  control(path: string, body?: object, method?: 'GET' | 'POST' | 'DELETE'): Promise<any>;
  /** Stops it. */
  stop(): Promise<void>;
  /** Stops it at the end of a block: `await using sandbox = await startSandbox()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a sandbox. */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>;
