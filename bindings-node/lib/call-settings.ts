/** Settings that some calls of a client may have of their own. */

import { resultOf } from './ask.js';
import type { CallSettings } from './generated/settings.js';
import { toJson } from './json-writer.js';
import type { NativeClient } from './native.js';
import { object } from './options.js';

/** Returns the same client with other settings for its calls. Throws `ConfigError` for a setting of the whole client. */
export function withSettings(client: NativeClient, settings: CallSettings): NativeClient {
  object(settings, 'options', 'pass an object such as { timeoutMs: 5_000 }');
  const other = client.withOptions(toJson(settings, 'options'));
  return 'close' in other ? other : resultOf<never>(other);
}
