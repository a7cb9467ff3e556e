/** Objects that calls are given besides their data: nothing in them is ignored without a word. */

import { toJson } from './json-writer.js';
import { native } from './native.js';
import { hidden, named, wrong } from './values.js';

/** What one call may be told. */
export interface CallOptions {
  /** Ends the call when it fires: the request is closed, and a `CancelledError` with the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time for this call with its repeats and pauses, or for each page of this list, instead of the setting. */
  readonly timeoutMs?: number | undefined;
  /** How often this call may be repeated, instead of the setting. */
  readonly maxRetries?: number | undefined;
  /** HTTP headers of this call, besides those of the client; one of the same name replaces the client's. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What one call of another action may be told. */
export interface EntityCallOptions extends CallOptions {
  /** `POST` (default) sends the params as the body, the others in the query. */
  readonly method?: 'GET' | 'POST' | 'DELETE' | undefined;
}

/** The names of the options of every call. */
export const CALL = ['signal', 'timeoutMs', 'maxRetries', 'headers'] as const;

/** The settings among them as JSON, if there are any. */
export function settingsOf({ timeoutMs, maxRetries, headers }: CallOptions): string | undefined {
  const none = timeoutMs === undefined && maxRetries === undefined && headers === undefined;
  return none ? undefined : toJson({ timeoutMs, maxRetries, headers }, 'options');
}

/** The object that was given for `what`. Throws `ConfigError` with `advice` for anything else. */
export function object<T extends object>(given: T, what: string, advice: string): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw wrong(what, `\`${what}\` is ${Array.isArray(given) ? 'a list' : named(given)}; ${advice}`);
  }
  const why = hidden(given);
  if (why !== undefined) {
    throw wrong(what, `\`${what}\` is ${why}; ${advice}`);
  }
  return given;
}

/** The options of a call. Throws `ConfigError` for those that are none of `names`. */
export function options<T extends object>(given: T, ...names: readonly (keyof T & string)[]): T {
  object(given, 'options', `pass an object such as { ${names.join(', ')} }`);
  for (const name of Object.keys(given)) {
    if (!(names as readonly string[]).includes(name)) {
      throw wrong(name, `${unknown(name, names)} known: ${names.join(', ')}`);
    }
  }
  return given;
}

/** A whole number that is not below `least`. Throws `ConfigError` for anything else. */
export function whole(given: number, what: string, least: number): number {
  if (!Number.isSafeInteger(given) || given < least) {
    throw wrong(what, `\`${what}\` is a whole number from ${least}, not ${String(given)}`);
  }
  return given;
}

/** What to say of an option that is none of `names`: well-known ones of other libraries have a counterpart. */
function unknown(name: string, names: readonly string[]): string {
  const meant = native.meantOption(name)?.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const isHere = meant !== undefined && names.includes(meant);
  return isHere ? `unknown option \`${name}\`: did you mean \`${meant}\`?` : `there is no option \`${name}\` here;`;
}
