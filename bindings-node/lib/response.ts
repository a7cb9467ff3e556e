/** HTTP responses of calls, for callers that ask for them. */

import { captureContext, keepContextFor } from './event-context.js';
import { type NativeContext, native } from './native.js';
import { nativeCall } from './native-call.js';
import { type CallOptions, settingsJson } from './options.js';

/** The result of a call or a page of a list, with its HTTP response: see {@link Entity.withResponse}. */
export interface EgitoResponse<T> {
  /** Result of the call, or the records of the page. */
  readonly value: T;
  /** HTTP status of the last response. */
  readonly status: number;
  /**
   * Headers of the last response. Secrets are replaced by `[removed]`, as is the whole value of `set-cookie`, `www-authenticate` and
   * similar headers. As with `fetch`, values of a header that was sent several times are joined.
   */
  readonly headers: Headers;
  /** Number of requests for the call. */
  readonly attempts: number;
  /** Number of the call: the `call` of its events. */
  readonly callId: number;
  /** Seconds from the start of the call to the last response, including earlier attempts and the delays between them. */
  readonly elapsed: number;
}

/** A response as the native module returns it. */
export type ResponseParts<T> = readonly [
  value: T,
  status: number,
  headers: [name: string, value: string][],
  attempts: number,
  callId: number,
  nanoseconds: number,
];

/** Returns the response with these parts and this value. */
export function responseOf<T>(parts: ResponseParts<unknown>, value: T): EgitoResponse<T> {
  const [, status, headers, attempts, callId, nanoseconds] = parts;
  return { value, status, headers: new Headers(headers), attempts, callId, elapsed: nanoseconds / 1e9 };
}

/** Returns the context of a call. With `wantsResponse` the results of its calls are {@link ResponseParts}. */
export function contextOf(options: CallOptions, wantsResponse: boolean): NativeContext {
  const tag = captureContext();
  const context = new native.NativeContext(settingsJson(options), tag, wantsResponse);
  keepContextFor(context, tag);
  return context;
}

/** Runs a native call, and returns its result with its response. */
export async function nativeCallWithResponse<T>(
  start: (callId: number, context?: NativeContext) => void,
  options: CallOptions,
): Promise<EgitoResponse<T>> {
  const parts = await nativeCall<ResponseParts<T>>(start, options, contextOf(options, true));
  return responseOf(parts, parts[0]);
}
