/** Runs calls of the native module: each becomes a promise of its value, or of its error. */

import { EgitoError } from './egito-error.js';
import { errorFrom } from './errors.js';
import { captureContext, releaseContext } from './event-context.js';
import { InternalError } from './generated/error-classes.js';
import { parseExact } from './json.js';
import { type NativeContext, type NativeResult, native } from './native.js';
import { type CallOptions, settingsJson } from './options.js';
import { linkSignal } from './signal.js';

/** Starts a native call. Its result is delivered to {@link completions} with this id. */
type StartCall = (callId: number, context?: NativeContext) => void;

/**
 * Runs a native call and returns its value, `undefined` at the end of a list. Without a `shared` context the call gets one of its own
 * if its options need one.
 */
export async function nativeCall<T>(start: StartCall, options: CallOptions, shared?: NativeContext): Promise<T> {
  const { signal } = options;
  const settings = shared === undefined ? settingsJson(options) : undefined;
  const tag = shared === undefined ? captureContext() : undefined;
  if (signal === undefined && settings === undefined && tag === undefined) {
    return unwrap<T>(await completion(start, shared));
  }
  const context = shared ?? new native.NativeContext(settings, tag);
  const unlink = signal && linkSignal(signal, context);
  try {
    return unwrap<T>(await completion(start, context), signal?.reason);
  } finally {
    unlink?.();
    releaseContext(tag);
  }
}

/** Returns the value of a native result, or throws its error. `abortReason` becomes the cause of an aborted call's error. */
export function unwrap<T>({ json, isError, sentinel }: NativeResult, abortReason?: unknown): T {
  const value = json === undefined ? undefined : parseExact(json, sentinel);
  if (isError) {
    throw errorFrom(value as Record<string, unknown>, abortReason);
  }
  return value as T;
}

/** Functions that resolve the promises of calls in flight, by call id. */
const pending = new Map<number, (result: NativeResult) => void>();
let lastCallId = 0;

/** Receives the results of native calls, in batches. It keeps the process alive while calls are in flight. */
export const completions = new native.NativeCompletions((batch) => {
  for (let at = 0; at < batch.length; at += 4) {
    const [callId, isError, json, sentinel] = batch.slice(at, at + 4) as [number, boolean, string?, string?];
    const resolve = pending.get(callId);
    pending.delete(callId);
    resolve?.({ isError, json, sentinel });
  }
  if (pending.size === 0) {
    completions.unref();
  }
});

function completion(start: StartCall, context?: NativeContext): Promise<NativeResult> {
  return new Promise((resolve, reject) => {
    lastCallId = (lastCallId + 1) % 2 ** 32;
    const callId = lastCallId;
    try {
      start(callId, context);
    } catch (cause) {
      // Values that cannot be serialized throw an EgitoError here. Anything else is a bug of this package.
      const message = 'a bug in the Egito SDK stopped this call; please report it with the cause';
      reject(cause instanceof EgitoError ? cause : new InternalError(message, { cause }));
      return;
    }
    if (pending.size === 0) {
      completions.ref();
    }
    pending.set(callId, resolve);
  });
}
