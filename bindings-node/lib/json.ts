/** JSON in and out with every digit: what a double would round is a `bigint`, or on request a `Decimal`. */

import { Decimal } from './decimal.js';
import { toJson } from './json-writer.js';
import { native } from './native.js';
import { options } from './options.js';
import { text, wrong } from './values.js';

/** Options of {@link parse}. */
export interface ParseOptions {
  /** How decimals are returned: as numbers (default), or as {@link Decimal}s with all digits. */
  readonly decimals?: 'float' | 'decimal' | undefined;
}

/**
 * Reads JSON like `JSON.parse`, but returns integers beyond 2^53 as `bigint`s, which keep their value.
 *
 * ```js
 * parse('{"id": 9007199254740993}') // { id: 9007199254740993n }
 * parse('12.50', { decimals: 'decimal' }).digits // '12.50'
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: as `JSON.parse`
export function parse(json: string, given: ParseOptions = {}): any {
  const { decimals = 'float' } = options(given, 'decimals');
  if (decimals !== 'float' && decimals !== 'decimal') {
    throw wrong('decimals', `\`decimals\` is 'float' or 'decimal', not ${String(decimals)}`);
  }
  const marked = native.markNumbers(text(json, 'json'), decimals === 'decimal');
  return parseMarked(marked.json, marked.mark);
}

/**
 * Writes JSON like `JSON.stringify`, but with all digits of `bigint`s and {@link Decimal}s.
 *
 * `Map`s are written as objects; members that are `undefined` are left out; objects with a `toJSON` are written as it says. A point in time
 * (`Date`, `Temporal.Instant`, `Temporal.ZonedDateTime`, luxon's `DateTime`) is written in UTC with three digits and `Z`.
 *
 * Throws {@link ConfigError} with the path of what JSON has no value for: `undefined` in arrays or as the whole, `NaN`, `Infinity`,
 * functions, symbols, bytes (`Buffer`, typed arrays, `ArrayBuffer`), invalid dates, promises, sets, errors and other objects that would
 * come out empty, circular objects, half of a surrogate pair.
 *
 * ```js
 * stringify({ id: 9007199254740993n }) // '{"id":9007199254740993}'
 * ```
 */
export function stringify(value: unknown): string {
  return toJson(value, 'value');
}

/** Reads JSON in which the native module has marked the numbers that a double would round. */
export function parseMarked(json: string, mark: string | undefined): unknown {
  const value: unknown = JSON.parse(json);
  return mark === undefined ? value : withExactNumbers(value, mark);
}

/** Replaces the marked strings in place. It has a stack of its own, since JSON may be nested deeper than calls can be. */
function withExactNumbers(root: unknown, mark: string): unknown {
  const top = { root };
  const open: Record<string, unknown>[] = [top];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const key of Object.keys(node)) {
      const value = node[key];
      if (typeof value === 'string') {
        if (value.startsWith(mark)) {
          node[key] = exactNumber(value.slice(mark.length));
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
