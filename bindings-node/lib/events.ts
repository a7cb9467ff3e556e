/** Tells a program what its client does. */

import type { ErrorCode } from './egito-error.js';
import { camelCased } from './errors.js';
import type { NativeClient } from './native.js';
import { named, wrong } from './values.js';

/** The end of one attempt. It names no secret, no record and no filter. What does not apply is absent. */
export interface EgitoEvent {
  /** `create`, `get`, …, or `login`. */
  readonly action: string;
  /** Entity of the call; none for a login. */
  readonly entity?: string;
  /** The first is 1. */
  readonly attempt: number;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** The error's code, where the attempt failed. */
  readonly code?: ErrorCode;
  /** Seconds the attempt took. */
  readonly elapsed: number;
  /** Bytes of the response body; 0 for a login. */
  readonly bytes: number;
}

/** Calls `onEvent` with every event of the client, if there is one. */
export function listen(native: NativeClient, onEvent: ((event: EgitoEvent) => void) | undefined): void {
  if (onEvent === undefined) {
    return;
  }
  if (typeof onEvent !== 'function') {
    throw wrong('onEvent', `\`onEvent\` is a function, not ${named(onEvent)}`);
  }
  native.onEvent((json) => onEvent(camelCased(JSON.parse(json)) as unknown as EgitoEvent));
}
