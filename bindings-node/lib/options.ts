/** Checks options of calls: unknown names are errors. */

import { toJson } from './json-writer.js';
import { native } from './native.js';
import { configError, describe, unserializableReason } from './values.js';

/** Options of a call. */
export interface CallOptions {
  /** Signal that cancels the call and its request. A `CancelledError` with the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Maximum time for this call, retries and the delays before them included, or for each page of this list, instead of the setting. */
  readonly timeoutMs?: number | undefined;
  /** Maximum number of retries of this call, instead of the setting. */
  readonly maxRetries?: number | undefined;
  /** HTTP headers of this call, added to those of the client; one with the same name replaces the client's. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Options of a custom action. */
export interface EntityCallOptions extends CallOptions {
  /** HTTP method. `POST` (default) sends the params in the body, the others in the query. */
  readonly method?: 'GET' | 'POST' | 'DELETE' | undefined;
}

/** Names of the options of every call. */
export const CALL_OPTIONS = ['signal', 'timeoutMs', 'maxRetries', 'headers'] as const;

/** Returns the settings among the options as JSON, if there are any. */
export function settingsJson({ timeoutMs, maxRetries, headers }: CallOptions): string | undefined {
  const isEmpty = timeoutMs === undefined && maxRetries === undefined && headers === undefined;
  return isEmpty ? undefined : toJson({ timeoutMs, maxRetries, headers }, 'options');
}

/** Returns the object that was passed as `what`. Throws `ConfigError` with the hint for anything else. */
export function requireObject<T extends object>(value: T, what: string, hint: string): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const type = Array.isArray(value) ? 'an array' : describe(value);
    throw configError(what, `invalid \`${what}\`: expected an object, got ${type}; ${hint}`);
  }
  const reason = unserializableReason(value);
  if (reason !== undefined) {
    throw configError(what, `invalid \`${what}\`: expected an object, got ${reason}; ${hint}`);
  }
  return value;
}

/** Returns the options of a call. Throws `ConfigError` for a name that is not in `names`. */
export function checkOptions<T extends object>(options: T, ...names: readonly (keyof T & string)[]): T {
  requireObject(options, 'options', `pass an object such as { ${names.join(', ')} }`);
  for (const name of Object.keys(options)) {
    if (!(names as readonly string[]).includes(name)) {
      throw configError(name, native.unknownOption(name, names));
    }
  }
  return options;
}
