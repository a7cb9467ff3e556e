/** Asks the native module for something and waits: its reply becomes a value or a thrown error, a signal ends it. */

import { EgitoError, errorFrom, InternalError } from './errors.js';
import { type NativeCancel, native, type Reply } from './native.js';
import { tie } from './signal.js';
import { parseMarked } from './values.js';

/** The value that `call` brings, `undefined` at the end of a list. `call` gets a cancel if there is a signal. */
export async function ask<T>(
  call: (cancel?: NativeCancel) => Promise<Reply>,
  signal: AbortSignal | undefined,
  cancel?: NativeCancel,
): Promise<T> {
  if (signal === undefined) {
    return resultOf<T>(await start(call, cancel));
  }
  const tied = cancel ?? new native.NativeCancel();
  const untie = tie(signal, tied);
  try {
    return resultOf<T>(await start(call, tied), signal.reason);
  } finally {
    untie();
  }
}

/** The value in a reply. Throws the error in it; `reason` is why the caller gave up, if it did. */
export function resultOf<T>(reply: Reply, reason?: unknown): T {
  if (reply.error !== undefined) {
    throw errorFrom(parseMarked(reply.error, reply.mark) as Record<string, unknown>, reason);
  }
  return (reply.json === undefined ? undefined : parseMarked(reply.json, reply.mark)) as T;
}

/** Only values that could not be written are refused here; anything else that is thrown is our bug. */
async function start(call: (cancel?: NativeCancel) => Promise<Reply>, cancel?: NativeCancel): Promise<Reply> {
  try {
    return await call(cancel);
  } catch (cause) {
    if (cause instanceof EgitoError) {
      throw cause;
    }
    throw new InternalError('a bug in the Egito SDK stopped this call; please report it with the cause', { cause });
  }
}
