/** The HTTP responses of calls, for callers who ask for them. */

import { ask } from './ask.js';
import { contextTag, keepWith } from './event-context.js';
import { type NativeCall, native } from './native.js';
import { type CallOptions, settingsOf } from './options.js';

/** The result of a call or a page of a list, with its HTTP response: see {@link Entity.withResponse}. */
export interface EgitoResponse<T> {
  /** Result of the call, or the records of the page. */
  readonly value: T;
  /** HTTP status of the last response. */
  readonly status: number;
  /**
   * Headers of the last response. Secrets are replaced by `[removed]`, and so is the whole value of `set-cookie`,
   * `www-authenticate` and the like. As with `fetch`, values of a header that was sent several times are joined.
   */
  readonly headers: Headers;
  /** How many requests were made for the call. */
  readonly attempts: number;
  /** Number of the call: the `call` of its events. */
  readonly callId: number;
  /** Seconds from the start of the call to the last response, with earlier attempts and the pauses between them. */
  readonly elapsed: number;
}

/** A response as the native module hands it over. */
export type ResponseParts<T> = readonly [
  value: T,
  status: number,
  headers: [name: string, value: string][],
  attempts: number,
  callId: number,
  nanoseconds: number,
];

/** Returns the response that has these parts, with this value. */
export function responseOf<T>(parts: ResponseParts<unknown>, value: T): EgitoResponse<T> {
  const [, status, headers, attempts, callId, nanoseconds] = parts;
  return { value, status, headers: new Headers(headers), attempts, callId, elapsed: nanoseconds / 1e9 };
}

/** What a call has of its own: with `wantsResponse` its replies are {@link ResponseParts}. */
export function callOf(given: CallOptions, wantsResponse: boolean): NativeCall {
  const tag = contextTag();
  const call = new native.NativeCall(settingsOf(given), tag, wantsResponse);
  keepWith(call, tag);
  return call;
}

/** The response of a call, with its result. */
export async function askForResponse<T>(
  begin: (ticket: number, own?: NativeCall) => void,
  given: CallOptions,
): Promise<EgitoResponse<T>> {
  const parts = await ask<ResponseParts<T>>(begin, given, callOf(given, true));
  return responseOf(parts, parts[0]);
}
