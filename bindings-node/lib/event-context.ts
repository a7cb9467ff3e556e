/** Events come in the async context of the call that caused them, so that `AsyncLocalStorage` finds its store there. */

import { AsyncResource } from 'node:async_hooks';

/** The contexts of calls, by the tags that their events have. There are none while nobody listens. */
const contexts = new Map<number, AsyncResource>();
let tags = 0;
let isWanted = false;

/** Lets go of a context once the list or bulk that it belongs to is gone. */
const gone = new FinalizationRegistry<number>(forgetContext);

/** Called when somebody listens: from now on contexts are kept. */
export function keepContexts(): void {
  isWanted = true;
}

/** Keeps the context that is active now, if anybody listens, and returns its tag. */
export function contextTag(): number | undefined {
  if (!isWanted) {
    return undefined;
  }
  tags += 1;
  contexts.set(tags, new AsyncResource('EgitoCall', { requireManualDestroy: true }));
  return tags;
}

/** Keeps a context for as long as `owner` lives. */
export function keepWith(owner: object, tag: number | undefined): void {
  if (tag !== undefined) {
    gone.register(owner, tag);
  }
}

/** Lets go of the context of a call that has ended. Events may still be on their way in this turn of the event loop. */
export function forgetContext(tag: number | undefined): void {
  if (tag !== undefined) {
    setImmediate(() => {
      contexts.get(tag)?.emitDestroy();
      contexts.delete(tag);
    }).unref();
  }
}

/** Calls a listener in the context that has this tag. */
export function inContext(tag: number, listener: () => void): void {
  const context = contexts.get(tag);
  if (context === undefined) {
    listener();
  } else {
    context.runInAsyncScope(listener);
  }
}
