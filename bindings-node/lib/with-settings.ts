/** Clients and entities with other settings for their calls. */

import type { CallSettings } from './generated/settings.js';
import { toJson } from './json-writer.js';
import type { NativeClient } from './native.js';
import { unwrap } from './native-call.js';
import { requireObject } from './options.js';

/** Returns the same client with other settings for its calls. Throws `ConfigError` for a setting of the whole client. */
export function withSettings(client: NativeClient, settings: CallSettings): NativeClient {
  requireObject(settings, 'options', 'pass an object such as { timeoutMs: 5_000 }');
  const result = client.withOptions(toJson(settings, 'options'));
  return 'close' in result ? result : unwrap<never>(result);
}
