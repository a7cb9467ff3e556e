/** What the native module offers. It knows JSON text and handles, no records. */

import { loadNative } from './load-native.js';

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
  /** The reply is `true`, or the response where the list wants it, and empty at the end. */
  next(ticket: number): void;
  /** Whether records of the page may be given out: false once the client is closed. */
  isRunning(): boolean;
  /** Some records of the page as a JSON array; an empty reply after the last, an error once the client is closed. */
  slice(): Reply;
}

/** A bulk whose inputs are handed over one by one, as JSON. */
export interface NativeBulk {
  /**
   * What to do next. `true`: push an input, if there are `more`; a reply: the next row; two numbers: how many calls have
   * finished and failed; `false`: every input has its row; `undefined`: wait.
   */
  step(more: boolean): Reply | [done: number, failed: number] | boolean | undefined;
  push(id?: string, record?: string): void;
  /** Takes an input that cannot be sent. */
  reject(): void;
  /** The reply, an empty one, comes when `step` may say something else. */
  ready(ticket: number, more: boolean): void;
  cancel(): void;
}

/** The calls of an entity. Records, ids, params and options are JSON text. Replies have the response where the call wants it. */
export interface NativeEntity {
  create(ticket: number, record: string, own?: NativeCall): void;
  get(ticket: number, id: string, own?: NativeCall): void;
  update(ticket: number, id: string, fields: string, own?: NativeCall): void;
  delete(ticket: number, id: string, own?: NativeCall): void;
  call(ticket: number, action: string, params: string, method: string, own?: NativeCall): void;
  bulk(
    action: string,
    options: string,
    keepAllRows: boolean,
    reportProgress: boolean,
    own?: NativeCall,
  ): NativeBulk | Reply;
  list(options: string, own: NativeCall): NativeList;
}

/** A client. */
export interface NativeClient {
  entity(name: string): NativeEntity | Reply;
  withOptions(settings: string): NativeClient | Reply;
  dictionary(type: string, options: string, own: NativeCall): NativeList;
  stats(): string;
  /** The listener gets JSON, and does not keep the process alive. */
  onEvent(listener: (event: string) => void): void;
  close(ticket: number): void;
  panicForTests(ticket: number, inCore: boolean): void;
}

interface Native {
  readonly NativeCall: new (settings?: string, tag?: number, withResponse?: boolean) => NativeCall;
  readonly NativeQueue: new (deliver: (batch: unknown[]) => void) => NativeQueue;
  version(): string;
  errorCodes(): [code: string, className: string][];
  meantOption(name: string): string | null;
  markNumbers(json: string, decimals: boolean): { readonly json: string; readonly mark?: string };
  openClient(settings: string, fromEnv: boolean, integersAsText: boolean, queue: NativeQueue): NativeClient | Reply;
}

/** The native module. */
export const native = loadNative<Native>();

/** The version of this package. */
export const version: string = native.version();
