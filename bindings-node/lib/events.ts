/** Tells a program what its client does. */

import { camelCased } from './errors.js';
import { inContext, keepContexts } from './event-context.js';
import type { ErrorCode } from './generated/error-types.js';
import type { NativeClient } from './native.js';
import { named, wrong } from './values.js';

/**
 * The end of one attempt, or with the setting `startEvents` also its start. It names no secret, no record and no filter. What does not
 * apply is absent.
 */
export interface EgitoEvent {
  /** Whether the attempt starts or has ended. */
  readonly kind: 'start' | 'end';
  /** Number of the call, counted by the client. All its attempts have the same, and so has the login that it needed. */
  readonly call: number;
  /** `create`, `get`, …, or `login`. */
  readonly action: string;
  /** Entity of the call; none for a login. */
  readonly entity?: string;
  /** HTTP method of the request. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Host of the server, with its port if it is not the usual one. */
  readonly host: string;
  /** The first is 1. */
  readonly attempt: number;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** The error's code, where the attempt failed. */
  readonly code?: ErrorCode;
  /** Seconds the attempt took; 0 at its start. */
  readonly elapsed: number;
  /** Bytes of the response body; 0 for a login and at a start. */
  readonly bytes: number;
}

/** Calls `onEvent` with every event of the client, if there is one, in the async context of the call that caused it. */
export function listen(native: NativeClient, onEvent: ((event: EgitoEvent) => void) | undefined): void {
  if (onEvent === undefined) {
    return;
  }
  if (typeof onEvent !== 'function') {
    throw wrong('onEvent', `\`onEvent\` is a function, not ${named(onEvent)}`);
  }
  keepContexts();
  native.onEvent((json) => {
    const { tag, ...event } = JSON.parse(json);
    inContext(tag, () => onEvent(camelCased(event) as unknown as EgitoEvent));
  });
}
