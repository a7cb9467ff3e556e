/** JSON with every digit: numbers that a double would round are `bigint`, or on request `Decimal`. */

import { Decimal } from './decimal.js';
import { toJson } from './json-writer.js';
import { native } from './native.js';
import { checkOptions } from './options.js';
import { configError, requireString } from './values.js';

/** Options of {@link parse}. */
export interface ParseOptions {
  /** Type of decimals: numbers (default), or {@link Decimal}s with all digits. */
  readonly decimals?: 'float' | 'decimal' | undefined;
}

/**
 * Parses JSON like `JSON.parse`, but returns integers beyond 2^53 as `bigint`, which keeps their value.
 *
 * ```js
 * parse('{"id": 9007199254740993}') // { id: 9007199254740993n }
 * parse('12.50', { decimals: 'decimal' }).digits // '12.50'
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: as `JSON.parse`
export function parse(json: string, options: ParseOptions = {}): any {
  const { decimals = 'float' } = checkOptions(options, 'decimals');
  if (decimals !== 'float' && decimals !== 'decimal') {
    throw configError('decimals', `invalid \`decimals\`: expected 'float' or 'decimal', got ${String(decimals)}`);
  }
  const marked = native.markNumbers(requireString(json, 'json'), decimals === 'decimal');
  return parseExact(marked.json, marked.sentinel);
}

/**
 * Writes JSON like `JSON.stringify`, but with all digits of `bigint`s and {@link Decimal}s.
 *
 * `Map`s are written as objects, members that are `undefined` are omitted, and `toJSON` methods are called. A point in time (`Date`,
 * `Temporal.Instant`, `Temporal.ZonedDateTime`, luxon's `DateTime`) is written in UTC with three digits and `Z`.
 *
 * Throws {@link ConfigError} with the path of a value that JSON cannot contain: `undefined` in arrays or alone, `NaN`, `Infinity`,
 * functions, symbols, bytes (`Buffer`, typed arrays, `ArrayBuffer`), invalid dates, promises, sets, errors and other objects that would
 * become empty, circular objects, half of a surrogate pair.
 *
 * ```js
 * stringify({ id: 9007199254740993n }) // '{"id":9007199254740993}'
 * ```
 */
export function stringify(value: unknown): string {
  return toJson(value, 'value');
}

/** Parses JSON in which numbers that a double would round are strings that begin with the sentinel. */
export function parseExact(json: string, sentinel: string | undefined): unknown {
  const value: unknown = JSON.parse(json);
  return sentinel === undefined ? value : withExactNumbers(value, sentinel);
}

/** Replaces the marked strings in place. It uses its own stack, since JSON may be nested deeper than function calls. */
function withExactNumbers(root: unknown, sentinel: string): unknown {
  const top = { root };
  const open: Record<string, unknown>[] = [top];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const key of Object.keys(node)) {
      const value = node[key];
      if (typeof value === 'string') {
        if (value.startsWith(sentinel)) {
          node[key] = exactNumber(value.slice(sentinel.length));
        }
      } else if (typeof value === 'object' && value !== null) {
        open.push(value as Record<string, unknown>);
      }
    }
  }
  return top.root;
}

function exactNumber(digits: string): bigint | Decimal {
  return /^-?\d+$/.test(digits) ? BigInt(digits) : new Decimal(digits);
}
