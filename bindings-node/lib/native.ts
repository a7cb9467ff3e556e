/** The interface of the native module, which exchanges JSON and handles. */

import { loadNative } from './load-native.js';

/** The result of a native call: JSON of its value or of its error, or without `json` the end of a list. */
export interface NativeResult {
  readonly json?: string | undefined;
  readonly isError: boolean;
  /** Prefix of the strings in `json` that are numbers which `JSON.parse` would round. */
  readonly sentinel?: string | undefined;
}

/** Delivers the results of finished calls: for each its call id, and the three members of its result. */
export interface NativeCompletions {
  /** Keeps the process alive until {@link unref} is called. */
  ref(): void;
  unref(): void;
}

/** The context of one call: its cancellation and settings. */
export interface NativeContext {
  cancel(): void;
}

/** A list that was not read yet. */
export interface NativeList {
  pages(): NativePages;
  /** The result is empty if there is no record. */
  first(callId: number): void;
  exists(callId: number): void;
  /** The result is empty if the server sends no total. */
  total(callId: number): void;
  count(callId: number): void;
}

/** The pages of a list. */
export interface NativePages {
  /** The result is `true`, or the response if the list wants it, and empty at the end. */
  next(callId: number): void;
  /** Whether records of the page may be returned: false once the client is closed. */
  isRunning(): boolean;
  /** Some records of the page as a JSON array; an empty result after the last, an error once the client is closed. */
  slice(): NativeResult;
  /** The mark of a list of changes; an empty result before the list was read to its end. */
  mark(): NativeResult;
}

/** The row of a bulk. */
export interface NativeRow {
  readonly result: NativeResult;
  /** Whether the result is from a journal. */
  readonly resumed: boolean;
}

/** A bulk, which takes its inputs one by one as JSON. */
export interface NativeBulk {
  /**
   * Returns what to do next. `true`: push an input, if there are `more`; a row: the next one; two numbers: how many calls have
   * finished and failed; `false`: every input has its row; `undefined`: wait.
   */
  step(more: boolean): NativeRow | [done: number, failed: number] | boolean | undefined;
  push(id?: string, record?: string, change?: string, plannedFor?: string): void;
  /** Adds an input that cannot be sent. */
  reject(): void;
  /** Completes, with an empty result, when `step` may return something else. */
  ready(callId: number, more: boolean): void;
  cancel(): void;
}

/** The calls of an entity. Records, ids, params and options are JSON. Results have the response if the context wants it. */
export interface NativeEntity {
  create(callId: number, record: string, context?: NativeContext): void;
  createOnce(callId: number, record: string, options: string, context?: NativeContext): void;
  upsert(callId: number, record: string, options: string, context?: NativeContext): void;
  get(callId: number, id: string, context?: NativeContext): void;
  update(callId: number, id: string, fields: string, context?: NativeContext): void;
  delete(callId: number, id: string, context?: NativeContext): void;
  call(callId: number, action: string, params: string, method: string, context?: NativeContext): void;
  bulk(
    action: string,
    options: string,
    keepAllRows: boolean,
    reportProgress: boolean,
    context?: NativeContext,
  ): NativeBulk | NativeResult;
  list(options: string, context: NativeContext): NativeList;
  ids(callId: number, context?: NativeContext): void;
  deleted(callId: number, ids: string, context?: NativeContext): void;
}

/** An outbox. Results of `put…` are ids of entries, the others JSON of the core. */
export interface NativeOutbox {
  put(callId: number, entity: string, record: string, key: string): void;
  putUpsert(callId: number, entity: string, record: string, key: string): void;
  putUpdate(callId: number, entity: string, id: string, fields: string): void;
  putDelete(callId: number, entity: string, id: string): void;
  deliver(callId: number, limit?: number, context?: NativeContext): void;
  entries(callId: number, query: string): void;
  get(callId: number, id: number): void;
  counts(callId: number): void;
  retry(callId: number, id: number): void;
  edit(callId: number, id: number, record: string): void;
  discard(callId: number, id: number): void;
  start(intervalMs: number, context?: NativeContext): NativeResult;
  stop(callId: number): void;
  lastDelivery(): NativeResult;
}

/** A client. */
export interface NativeClient {
  entity(name: string): NativeEntity | NativeResult;
  withOptions(settings: string): NativeClient | NativeResult;
  dictionary(type: string, options: string, context: NativeContext): NativeList;
  outbox(path: string, options: string): NativeOutbox | NativeResult;
  /** The result is the report. */
  probe(callId: number, options: string, context?: NativeContext): void;
  stats(): string;
  /** Calls the listener with events as JSON. It does not keep the process alive. */
  onEvent(listener: (event: string) => void): void;
  close(callId: number): void;
  /** Only in builds with the cargo feature `test-panic`. */
  panicForTests(callId: number, inCore: boolean): void;
}

interface Native {
  readonly NativeContext: new (settings?: string, tag?: number, withResponse?: boolean) => NativeContext;
  readonly NativeCompletions: new (deliver: (batch: unknown[]) => void) => NativeCompletions;
  version(): string;
  errorCodes(): [code: string, className: string][];
  unknownOption(name: string, names: readonly string[]): string;
  markNumbers(json: string, decimals: boolean): { readonly json: string; readonly sentinel?: string };
  openClient(
    settings: string,
    fromEnv: boolean,
    file: string | undefined,
    integersAsStrings: boolean,
    completions: NativeCompletions,
  ): NativeClient | NativeResult;
}

/** The native module. */
export const native = loadNative<Native>();

/** The version of this package. */
export const version: string = native.version();
