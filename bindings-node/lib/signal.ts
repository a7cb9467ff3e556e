/** Ties calls to the signal that ends them. */

import { ConfigError } from './generated/error-classes.js';
import type { NativeCall } from './native.js';

/** Fires `cancel` when the signal fires, or now if it has. Gives what unties them again. */
export function tie(signal: AbortSignal, cancel: NativeCall): () => void {
  if (typeof signal?.addEventListener !== 'function') {
    const details = { setting: 'signal', outcome: 'not_sent' } as const;
    throw new ConfigError('`signal` is no AbortSignal; pass the `signal` of an AbortController', details);
  }
  if (signal.aborted) {
    cancel.cancel();
    return () => {};
  }
  const tied = cancelsOf.get(signal) ?? new Set();
  if (tied.size === 0) {
    cancelsOf.set(signal, tied);
    signal.addEventListener('abort', fire);
  }
  tied.add(cancel);
  return () => {
    if (tied.delete(cancel) && tied.size === 0) {
      signal.removeEventListener('abort', fire);
    }
  };
}

/** One listener for all calls of a signal: Node.js warns of a leak where there are more than ten. */
function fire(this: AbortSignal): void {
  for (const cancel of cancelsOf.get(this) ?? []) {
    cancel.cancel();
  }
}

const cancelsOf = new WeakMap<AbortSignal, Set<NativeCall>>();
