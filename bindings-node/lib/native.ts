/** Finds and loads the native module, and says what it offers. It knows JSON text and handles, no records. */

/** What a native call resolves with: a result, an error, or (with neither) the end of a list. */
export interface Reply {
  readonly json?: string;
  readonly error?: string;
  readonly mark?: string;
}

/** Ends the native calls that it is given to. */
export interface NativeCancel {
  cancel(): void;
}

/** A list under way. */
export interface NativePages {
  next(): Promise<Reply>;
}

/** A client's calls. Records, ids, params and options are JSON text. */
export interface NativeClient {
  create(entity: string, record: string, cancel?: NativeCancel): Promise<Reply>;
  get(entity: string, id: string, cancel?: NativeCancel): Promise<Reply>;
  update(entity: string, id: string, fields: string, cancel?: NativeCancel): Promise<Reply>;
  delete(entity: string, id: string, cancel?: NativeCancel): Promise<Reply>;
  call(entity: string, action: string, params: string, method: string, cancel?: NativeCancel): Promise<Reply>;
  checkEntity(name: string): Reply;
  list(entity: string, options: string, first: boolean, cancel: NativeCancel): NativePages;
  dictionary(type: string, options: string, first: boolean, cancel: NativeCancel): NativePages;
  stats(): string;
  /** The listener gets JSON, and does not keep the process alive. */
  onEvent(listener: (event: string) => void): void;
  close(): void;
  panicForTests(inCore: boolean): Promise<Reply>;
}

interface Native {
  readonly NativeCancel: new () => NativeCancel;
  version(): string;
  errorCodes(): [code: string, className: string][];
  markIntegers(json: string): { readonly json: string; readonly mark?: string };
  openClient(settings: string, fromEnv: boolean): NativeClient | Reply;
}

/** The native module. */
export const native = load();

/** The version of this package. */
export const version: string = native.version();

function load(): Native {
  try {
    return require('../egito.node');
  } catch (cause) {
    const system = `${process.platform}-${process.arch}, Node ${process.version}`;
    throw new Error(
      `egito: its native module cannot be loaded on ${system}; in a checkout, build it with \`npm run build\``,
      { cause },
    );
  }
}
