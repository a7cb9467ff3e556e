/** Links calls to the `AbortSignal` that cancels them. */

import type { NativeContext } from './native.js';
import { configError, describe } from './values.js';

/** Cancels the calls of a context when the signal is aborted, or now if it already is. Returns a function that removes the link. */
export function linkSignal(signal: AbortSignal, context: NativeContext): () => void {
  if (typeof signal?.addEventListener !== 'function') {
    const message = `invalid \`signal\`: expected the \`signal\` of an AbortController, got ${describe(signal)}`;
    throw configError('signal', message);
  }
  if (signal.aborted) {
    context.cancel();
    return () => {};
  }
  const linked = contextsOf.get(signal) ?? new Set();
  if (linked.size === 0) {
    contextsOf.set(signal, linked);
    signal.addEventListener('abort', cancelLinked);
  }
  linked.add(context);
  return () => {
    if (linked.delete(context) && linked.size === 0) {
      signal.removeEventListener('abort', cancelLinked);
    }
  };
}

/** The only listener of a signal. Node.js warns of a leak if a signal has more than ten. */
function cancelLinked(this: AbortSignal): void {
  for (const context of contextsOf.get(this) ?? []) {
    context.cancel();
  }
}

const contextsOf = new WeakMap<AbortSignal, Set<NativeContext>>();
