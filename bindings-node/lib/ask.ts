/** Asks the native module for something and waits: its reply becomes a value or a thrown error, a signal ends it. */

import { EgitoError } from './egito-error.js';
import { errorFrom } from './errors.js';
import { contextTag, forgetContext } from './event-context.js';
import { InternalError } from './generated/error-classes.js';
import { parseMarked } from './json.js';
import { type NativeCall, native, type Reply } from './native.js';
import { type CallOptions, settingsOf } from './options.js';
import { tie } from './signal.js';

/** Begins a native call, whose reply is delivered under the ticket. It is given what the call has of its own. */
type Begin = (ticket: number, own?: NativeCall) => void;

/** The value that a call brings, `undefined` at the end of a list. */
export async function ask<T>(begin: Begin, given: CallOptions, shared?: NativeCall): Promise<T> {
  const { signal } = given;
  const settings = shared === undefined ? settingsOf(given) : undefined;
  const tag = shared === undefined ? contextTag() : undefined;
  if (signal === undefined && settings === undefined && tag === undefined) {
    return resultOf<T>(await reply(begin, shared));
  }
  const own = shared ?? new native.NativeCall(settings, tag);
  const untie = signal && tie(signal, own);
  try {
    return resultOf<T>(await reply(begin, own), signal?.reason);
  } finally {
    untie?.();
    forgetContext(tag);
  }
}

/** The value in a reply. Throws the error in it; `reason` is why the caller gave up, if it did. */
export function resultOf<T>({ text, failed, mark }: Reply, reason?: unknown): T {
  const value = text === undefined ? undefined : parseMarked(text, mark);
  if (failed) {
    throw errorFrom(value as Record<string, unknown>, reason);
  }
  return value as T;
}

/** Calls under way, by their tickets. */
const waiting = new Map<number, (reply: Reply) => void>();
let tickets = 0;

/** Where the native module delivers what is finished. The process waits for it while there are calls under way. */
export const queue = new native.NativeQueue((batch) => {
  for (let at = 0; at < batch.length; at += 4) {
    const [ticket, failed, text, mark] = batch.slice(at, at + 4) as [number, boolean, string?, string?];
    const deliver = waiting.get(ticket);
    waiting.delete(ticket);
    deliver?.({ failed, text, mark });
  }
  if (waiting.size === 0) {
    queue.hold(false);
  }
});

function reply(begin: Begin, own?: NativeCall): Promise<Reply> {
  return new Promise((resolve, reject) => {
    tickets = (tickets + 1) % 2 ** 32;
    const ticket = tickets;
    try {
      begin(ticket, own);
    } catch (cause) {
      // Only values that could not be written are refused here; anything else that is thrown is our bug.
      const message = 'a bug in the Egito SDK stopped this call; please report it with the cause';
      reject(cause instanceof EgitoError ? cause : new InternalError(message, { cause }));
      return;
    }
    if (waiting.size === 0) {
      queue.hold(true);
    }
    waiting.set(ticket, resolve);
  });
}
