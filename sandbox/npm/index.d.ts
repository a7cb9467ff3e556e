/// <reference lib="esnext.disposable" />

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Fills the entity `Account` up to so many generated records. */
  readonly records?: number | undefined;
  /** File with a seed document in place of the built-in one. */
  readonly seed?: string | undefined;
  /** SQLite file that keeps the records. */
  readonly data?: string | undefined;
  /** Port to listen on; 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** Path of the program, where it is not the one of the platform's package. */
  readonly program?: string | undefined;
}

/** What a client is made with to reach the sandbox. */
export interface SandboxSettings {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

/** The actions that faults and the journal know; `call` is any other action of an entity. */
export type SandboxAction = 'login' | 'create' | 'get' | 'update' | 'delete' | 'list' | 'dictionary' | 'call';

/** Makes requests fail, late or cut. It must do something: have `response`, `delayMs`, `dripMs`, `cut`, `hold` or `expireToken`. */
export interface Fault {
  /** Which requests; all that is given must match. */
  readonly on?: {
    readonly action?: SandboxAction;
    readonly entity?: string;
    readonly method?: 'GET' | 'POST' | 'DELETE';
    readonly path?: string;
    readonly query?: Readonly<Record<string, string>>;
  };
  /** Requests that match and are let through first. Default 0. */
  readonly skip?: number;
  /** Requests that are met then. Default 1; 0 means all. */
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
  /** With `response`: the action is done all the same. Default false. */
  readonly apply?: boolean;
  /** Milliseconds before the answer, after the action was done. */
  readonly delayMs?: number;
  /** Milliseconds between pieces of the body. */
  readonly dripMs?: number;
  /** Closes the connection: `before` the action is done, `after` it, or in the `middle` of the answer's body. */
  readonly cut?: 'before' | 'after' | 'middle';
  /** The request waits, before the action, for a {@link Sandbox.release} of this name. */
  readonly hold?: string;
  /** Ends the token that the request carries first. */
  readonly expireToken?: boolean;
}

/** Habits of the server. The sandbox's README has their meaning and defaults. */
export interface SandboxConfig {
  readonly pageCap?: number | null;
  readonly pageDefault?: number | null;
  readonly ignoreOffset?: boolean;
  readonly ignoreMax?: boolean;
  readonly listForm?: string;
  readonly totalKey?: string | null;
  readonly totalDelta?: number;
  readonly hideTotalOnPage?: boolean;
  readonly unsorted?: 'id' | 'random';
  readonly limitParam?: string;
  readonly offsetParam?: string;
  readonly sortParam?: string;
  readonly orderParam?: string;
  readonly idParam?: string;
  readonly validationStatus?: number;
  readonly errorsForm?: 'objects' | 'strings' | 'one_object' | 'one_string' | 'single_error' | 'success_false';
  readonly notFoundForm?: 'errors' | 'empty' | 'null' | 'object';
  readonly idForm?: 'number' | 'string';
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

/** What a fresh sandbox holds. */
export interface SandboxState {
  /** `default` (what it was started with), `empty` (no records), or a seed document. */
  readonly seed?: 'default' | 'empty' | object;
  /** Fills entities up to so many generated records. */
  readonly records?: Readonly<Record<string, number>>;
  readonly config?: SandboxConfig;
}

/** Which requests of the journal. */
export interface JournalFilter {
  readonly action?: SandboxAction | undefined;
  readonly entity?: string | undefined;
  /** Those whose client hung up, or did not. */
  readonly clientGone?: boolean | undefined;
  /** Waits until there are so many of them. */
  readonly wait?: number | undefined;
}

/** A request that the sandbox has seen. */
export interface JournalEntry {
  /** Counts all requests, from 1. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly action: SandboxAction;
  readonly entity: string | null;
  /** Grant of a login. */
  readonly grant: string | null;
  /** By names in lower case; secrets are `***`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: only the reader knows what was sent
  readonly json: any;
  /** The body, where it is a form. */
  readonly form: Readonly<Record<string, string>> | null;
  /** `null` while there is no answer, and for ever where the connection was cut or the client had gone. */
  readonly status: number | null;
  /** Whether the action was carried out. */
  readonly applied: boolean;
  /** Which access token it carried, counted as they were issued. */
  readonly token: number | null;
  readonly tokenIn: string | null;
  /** Which connection it came by, counted by first requests. */
  readonly connection: number;
  /** How many requests were here when this one came, itself included. */
  readonly inFlight: number;
  readonly clientGone: boolean;
}

/** A local Egito. It ends with this process at the latest. */
export interface Sandbox {
  /** Its address. */
  readonly address: string;
  /** For `new Client(sandbox.settings)`. */
  readonly settings: SandboxSettings;
  /** Makes everything fresh: data, tokens, faults, journal, clock, config. */
  reset(state?: SandboxState): Promise<void>;
  /** Adds records as they are, and returns their ids. */
  seed(entities: Readonly<Record<string, readonly object[]>>): Promise<{ ids: Record<string, (number | string)[]> }>;
  /** Changes how the server behaves. */
  config(changes: SandboxConfig): Promise<void>;
  /** Makes requests fail, late or cut. */
  fault(fault: Fault | readonly Fault[]): Promise<void>;
  /** Takes all faults back. Requests that one holds wait on for their release. */
  clearFaults(): Promise<void>;
  /** Lets requests go on that a fault holds. */
  release(name: string): Promise<void>;
  /** Moves the server's clock: tokens age. */
  advance(seconds: number): Promise<void>;
  /** Returns the requests it has seen, oldest first. */
  journal(filter?: JournalFilter): Promise<JournalEntry[]>;
  /** Empties the journal. */
  clearJournal(): Promise<void>;
  /** Returns all records of an entity, as they are stored. */
  // biome-ignore lint/suspicious/noExplicitAny: as the client's own records
  records(entity: string): Promise<any[]>;
  /** Any other control, see the sandbox's README. */
  // biome-ignore lint/suspicious/noExplicitAny: each control answers differently
  control(path: string, body?: object, method?: 'GET' | 'POST' | 'DELETE'): Promise<any>;
  /** Ends it. */
  stop(): Promise<void>;
  /** Ends it at the end of a block: `await using sandbox = await startSandbox()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a sandbox on a port of its own. */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>;
