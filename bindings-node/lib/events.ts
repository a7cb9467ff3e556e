/** Events about the attempts of a client. */

import { withCamelCaseKeys } from './errors.js';
import { enableContexts, runInContext } from './event-context.js';
import type { ErrorCode } from './generated/error-types.js';
import type { NativeClient } from './native.js';
import { configError, describe } from './values.js';

/**
 * The end of an attempt, or with the setting `startEvents` also its start. It contains no secrets, records or filters. Members that do
 * not apply are not set.
 */
export interface EgitoEvent {
  /** Start or end of the attempt. */
  readonly kind: 'start' | 'end';
  /** Number of the call, counted by the client. All attempts of a call have the same number, and so does a login that it needed. */
  readonly call: number;
  /** `create`, `get`, …, or `login`. */
  readonly action: string;
  /** Entity of the call; not set for a login. */
  readonly entity?: string;
  /** Id of the outbox entry that the call belongs to; not set for other calls and for a login. */
  readonly entry?: number;
  /** HTTP method of the request. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Host of the server, with its port unless it is the default one. */
  readonly host: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** HTTP status of the response, if there was one. */
  readonly status?: number;
  /** Code of the error, if the attempt failed. */
  readonly code?: ErrorCode;
  /** Duration of the attempt in seconds; 0 at its start. */
  readonly elapsed: number;
  /** Size of the response body in bytes; 0 for a login and at a start. */
  readonly bytes: number;
}

/** Calls `onEvent`, if there is one, with every event of the client, in the async context of the call that caused it. */
export function listen(native: NativeClient, onEvent: ((event: EgitoEvent) => void) | undefined): void {
  if (onEvent === undefined) {
    return;
  }
  if (typeof onEvent !== 'function') {
    throw configError('onEvent', `invalid \`onEvent\`: expected a function, got ${describe(onEvent)}`);
  }
  enableContexts();
  native.onEvent((json) => {
    const { tag, ...event } = JSON.parse(json);
    runInContext(tag, () => onEvent(withCamelCaseKeys(event) as unknown as EgitoEvent));
  });
}
