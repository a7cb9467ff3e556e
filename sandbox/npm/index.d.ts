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

/** A request that the sandbox has seen; its members are described in the sandbox's README. */
export interface JournalEntry {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly action: string;
  readonly entity: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly status: number | null;
  readonly applied: boolean;
  readonly client_gone: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: only the reader knows what was sent
  readonly json: any;
  readonly [member: string]: unknown;
}

/** A local Egito. It ends with this process at the latest. */
export interface Sandbox {
  /** Its address. */
  readonly address: string;
  /** For `new Client(sandbox.settings)`. */
  readonly settings: SandboxSettings;
  /** Makes everything fresh: data, tokens, faults, journal. */
  reset(what?: object): Promise<void>;
  /** Adds records as they are, and tells their ids. */
  seed(entities: Readonly<Record<string, readonly object[]>>): Promise<{ ids: Record<string, unknown[]> }>;
  /** Changes how the server behaves. */
  config(changes: object): Promise<void>;
  /** Makes requests fail, late or cut. */
  fault(fault: object | readonly object[]): Promise<void>;
  /** Lets requests go on that a fault holds. */
  release(name: string): Promise<void>;
  /** The requests it has seen, oldest first, once there are at least `wait` of them. */
  journal(filter?: {
    readonly action?: string | undefined;
    readonly wait?: number | undefined;
  }): Promise<JournalEntry[]>;
  /** All records of an entity, as they are stored. */
  // biome-ignore lint/suspicious/noExplicitAny: as the client's own records
  records(entity: string): Promise<any[]>;
  /** Any other control, see the sandbox's README. */
  // biome-ignore lint/suspicious/noExplicitAny: each control answers differently
  control(path: string, body?: object): Promise<any>;
  /** Ends it. */
  stop(): Promise<void>;
  /** Ends it at the end of a block: `await using sandbox = await startSandbox()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a sandbox on a port of its own. */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>;
