/** The async contexts of calls. Events run in the context of their call, so `AsyncLocalStorage` has its store there. */

import { AsyncResource } from 'node:async_hooks';

/** Contexts by the tag that the events of their call have. It is empty unless a client has a listener. */
const contexts = new Map<number, AsyncResource>();
let lastTag = 0;
let isEnabled = false;

/** Releases a context when the list or bulk that it belongs to is garbage-collected. */
const finalizer = new FinalizationRegistry<number>(releaseContext);

/** Enables contexts. Called when a client gets a listener. */
export function enableContexts(): void {
  isEnabled = true;
}

/** Captures the current context, if contexts are enabled, and returns its tag. */
export function captureContext(): number | undefined {
  if (!isEnabled) {
    return undefined;
  }
  lastTag += 1;
  contexts.set(lastTag, new AsyncResource('EgitoCall', { requireManualDestroy: true }));
  return lastTag;
}

/** Keeps a context until `owner` is garbage-collected. */
export function keepContextFor(owner: object, tag: number | undefined): void {
  if (tag !== undefined) {
    finalizer.register(owner, tag);
  }
}

/** Releases the context of a call that has ended, after the current turn of the event loop, which may still deliver its events. */
export function releaseContext(tag: number | undefined): void {
  if (tag !== undefined) {
    setImmediate(() => {
      contexts.get(tag)?.emitDestroy();
      contexts.delete(tag);
    }).unref();
  }
}

/** Calls a listener in the context with this tag. */
export function runInContext(tag: number, listener: () => void): void {
  const context = contexts.get(tag);
  if (context === undefined) {
    listener();
  } else {
    context.runInAsyncScope(listener);
  }
}
