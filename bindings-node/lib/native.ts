/** Finds and loads the native module, and says what it offers. It knows JSON text and handles, no records. */

/** What a native call answers: JSON, the details of an error as JSON, or (with no text) the end of a list. */
export interface Reply {
  readonly text?: string | undefined;
  readonly failed: boolean;
  readonly mark?: string | undefined;
}

/** Where finished calls come: for each its ticket, and the three members of its reply. */
export interface NativeQueue {
  /** Whether the process waits for it. */
  hold(hold: boolean): void;
}

/** What a call has of its own: what ends it, and the settings it goes by, as JSON. */
export interface NativeCall {
  cancel(): void;
}

/** A list that is about to be read. */
export interface NativeList {
  pages(): NativePages;
  /** The reply is empty where there is none. */
  first(ticket: number): void;
  exists(ticket: number): void;
  /** The reply is empty where the server tells none. */
  total(ticket: number): void;
  count(ticket: number): void;
}

/** A list under way. */
export interface NativePages {
  /** The reply is `true`, and empty at the end. */
  next(ticket: number): void;
  /** Some records of the page as a JSON array; an empty reply after the last. */
  slice(): Reply;
}

/** A bulk whose inputs are handed over one by one, as JSON. */
export interface NativeBulk {
  /**
   * What to do next. `true`: push an input, if there are `more`; a reply: the next row; `false`: every input has its row;
   * `undefined`: wait.
   */
  step(more: boolean): Reply | boolean | undefined;
  push(id?: string, record?: string): void;
  /** Takes an input that cannot be sent. */
  reject(): void;
  /** The reply, an empty one, comes when `step` may say something else. */
  ready(ticket: number, more: boolean): void;
  cancel(): void;
}

/** The calls of an entity. Records, ids, params and options are JSON text. */
export interface NativeEntity {
  create(ticket: number, record: string, own?: NativeCall): void;
  get(ticket: number, id: string, own?: NativeCall): void;
  update(ticket: number, id: string, fields: string, own?: NativeCall): void;
  delete(ticket: number, id: string, own?: NativeCall): void;
  call(ticket: number, action: string, params: string, method: string, own?: NativeCall): void;
  bulk(action: string, options: string, keepAllRows: boolean, own?: NativeCall): NativeBulk | Reply;
  list(options: string, own: NativeCall): NativeList;
}

/** A client. */
export interface NativeClient {
  entity(name: string): NativeEntity | Reply;
  dictionary(type: string, options: string, own: NativeCall): NativeList;
  stats(): string;
  /** The listener gets JSON, and does not keep the process alive. */
  onEvent(listener: (event: string) => void): void;
  close(): void;
  panicForTests(ticket: number, inCore: boolean): void;
}

interface Native {
  readonly NativeCall: new (settings?: string) => NativeCall;
  readonly NativeQueue: new (deliver: (batch: unknown[]) => void) => NativeQueue;
  version(): string;
  errorCodes(): [code: string, className: string][];
  markNumbers(json: string, decimals: boolean): { readonly json: string; readonly mark?: string };
  openClient(settings: string, fromEnv: boolean, integersAsText: boolean, queue: NativeQueue): NativeClient | Reply;
}

/** Endings of the packages of each system. Of Linux's two, npm installs the one that fits, and the other cannot be loaded. */
const LIBCS: Readonly<Record<string, readonly string[]>> = { darwin: [''], linux: ['-gnu', '-musl'], win32: ['-msvc'] };

/** Machines that there are packages for. */
const MACHINES: readonly string[] = ['x64', 'arm64'];

/** The native module. */
export const native = load();

/** The version of this package. */
export const version: string = native.version();

/** Of a checkout, or of the platform's own package, which npm installs as an optional dependency. */
function load(): Native {
  const libcs = MACHINES.includes(process.arch) ? (LIBCS[process.platform] ?? []) : [];
  const packages = libcs.map((libc) => `egito-${process.platform}-${process.arch}${libc}`);
  const causes: unknown[] = [];
  for (const place of ['../egito.node', ...packages]) {
    try {
      return fitting(require(place), place);
    } catch (cause) {
      causes.push(cause);
    }
  }
  const { platform, arch, version: node } = process;
  const advice =
    packages.length === 0
      ? 'there is none for this system'
      : `it is in the package ${packages.join(' or ')}. Was node_modules made on another machine, or with ` +
        '--omit=optional? Then remove it and install anew. In a checkout: npm run build';
  throw new Error(`egito: the native module cannot be loaded on ${platform}-${arch} by Node.js ${node}; ${advice}`, {
    cause: new AggregateError(causes, causes.map(String).join('; ')),
  });
}

/** Two versions that do not know each other would fail later, and worse. */
function fitting(found: Native, place: string): Native {
  const { version: own } = require('../package.json');
  if (found.version() !== own) {
    throw new Error(`${place} has version ${found.version()}, this package ${own}`);
  }
  return found;
}
