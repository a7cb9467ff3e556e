/** Settings that some calls of a client may have of their own. */

import { resultOf } from './ask.js';
import { toJson } from './json-writer.js';
import type { NativeClient } from './native.js';
import { object } from './options.js';
import type { Settings } from './settings.js';

/** Settings that some calls of a client may have of their own; the others belong to the whole client. */
export type CallSettings = Pick<
  Settings,
  | 'timeoutMs'
  | 'maxRetries'
  | 'backoffBaseMs'
  | 'backoffMaxMs'
  | 'retryAfterMaxMs'
  | 'pageSize'
  | 'prefetch'
  | 'pageOverlap'
  | 'decimals'
  | 'defaultSort'
  | 'listKey'
  | 'headers'
>;

/** Returns the same client with other settings for its calls. Throws `ConfigError` for a setting of the whole client. */
export function withSettings(client: NativeClient, settings: CallSettings): NativeClient {
  object(settings, 'options', 'pass an object such as { timeoutMs: 5_000 }');
  const other = client.withOptions(toJson(settings, 'options'));
  return 'close' in other ? other : resultOf<never>(other);
}
