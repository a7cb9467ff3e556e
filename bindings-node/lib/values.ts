/** Values in and out of JSON, exactly: what a double would round is a `bigint`. */

import { types } from 'node:util';
import { ConfigError } from './errors.js';
import { native } from './native.js';
import type { RecordId } from './record.js';

/**
 * Reads JSON like `JSON.parse`, but integers beyond 2^53 become `bigint`s and so keep their value.
 *
 * ```js
 * parse('{"id": 9007199254740993}') // { id: 9007199254740993n }
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: as `JSON.parse`
export function parse(json: string): any {
  const marked = native.markIntegers(text(json, 'json'));
  return parseMarked(marked.json, marked.mark);
}

/**
 * Writes JSON like `JSON.stringify`, but `bigint`s as integers with all their digits.
 *
 * `Map`s are written as objects. Throws {@link ConfigError} for what JSON has not: `NaN`, `Infinity`, an invalid `Date`, promises,
 * sets and other objects that would come out empty, circular objects, half of a surrogate pair, `undefined` as the whole.
 *
 * ```js
 * stringify({ id: 9007199254740993n }) // '{"id":9007199254740993}'
 * ```
 */
export function stringify(value: unknown): string {
  return toJson(value, 'value');
}

/** As {@link stringify}; `what` names the value in an error. */
export function toJson(value: unknown, what: string): string {
  let marked = false;
  const path: { key: string; value: unknown; map?: unknown }[] = []; // the objects around the one that is written
  function leave(holder: unknown): void {
    while (path.length > 0 && path[path.length - 1]?.value !== holder) {
      path.pop();
    }
  }
  function refuse(holder: unknown, key: string, why: string): never {
    leave(holder);
    const names = [...path.map((step) => step.key), key].slice(1);
    const place = names.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('');
    throw wrong(what, `\`${what}${place}\` is ${why}`);
  }
  function replace(this: Record<string, unknown>, key: string, value: unknown): unknown {
    const given = this[key]; // before any `toJSON`, which programs like to give to BigInt
    const integer = bigintOf(given) ?? bigintOf(value);
    if (integer !== undefined || Object.is(value, -0)) {
      marked = true;
      return mark() + (integer ?? '-0');
    }
    if (!isWellFormed(key) || (typeof value === 'string' && !isWellFormed(value))) {
      refuse(this, key, HALF);
    }
    if ((typeof value === 'number' || types.isNumberObject(value)) && !Number.isFinite(Number(value))) {
      refuse(this, key, `${value}, which JSON has not; give a finite number or null`);
    }
    if (types.isDate(given) && Number.isNaN(given.getTime())) {
      refuse(this, key, 'an invalid Date; give a valid one or null');
    }
    if (types.isMap(value)) {
      return fields(this, key, value);
    }
    if (typeof value === 'object' && value !== null) {
      const why = hidden(value);
      if (why !== undefined) {
        refuse(this, key, why);
      }
      leave(this);
      path.push({ key, value });
    }
    return value;
  }
  /** A `Map` is written as the object of its entries. */
  function fields(holder: unknown, key: string, map: Map<unknown, unknown>): object {
    const object: Record<string, unknown> = Object.create(null);
    for (const [name, member] of map) {
      if (typeof name !== 'string') {
        refuse(holder, key, `a Map with a key that is no text (${named(name)})`);
      }
      object[name] = member;
    }
    leave(holder);
    if (path.some((step) => step.map === map)) {
      refuse(holder, key, 'a Map that contains itself');
    }
    path.push({ key, value: object, map });
    return object;
  }
  const json = write(value, replace, what);
  return marked ? json.replaceAll(new RegExp(`"${mark()}(-?\\d+)"`, 'g'), '$1') : json;
}

/** The JSON of an id: an integer or a text. What would be rounded or made a text on the way is none. */
export function idToJson(id: RecordId): string {
  if (typeof id !== 'string' && typeof id !== 'bigint' && !Number.isInteger(id)) {
    const given = typeof id === 'number' ? id : named(id);
    throw wrong('id', `an id is an integer (number or bigint) or a text, not ${given}`);
  }
  return toJson(typeof id === 'number' ? BigInt(id) : id, 'id');
}

/** Why an object would lose what it holds, if it would: JSON shows an object's own enumerable fields only. */
export function hidden(value: object): string | undefined {
  if (Array.isArray(value) || isPlain(value) || types.isBoxedPrimitive(value)) {
    return undefined;
  }
  if ('then' in value && typeof value.then === 'function') {
    return 'a promise; is an `await` missing?';
  }
  if (types.isMap(value) || types.isSet(value) || Object.keys(value).length === 0) {
    const instead = types.isMap(value) ? 'Object.fromEntries(map)' : types.isSet(value) ? '[...set]' : 'a plain object';
    return `${named(value)}, of which JSON shows nothing; give ${instead}`;
  }
  return undefined;
}

/** What a value is, for people. */
export function named(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value !== 'object') {
    return `a ${typeof value}`;
  }
  try {
    const name = value.constructor?.name;
    return typeof name === 'string' && name !== '' ? `an object (${name})` : 'an object';
  } catch {
    return 'an object that cannot be read'; // a proxy that was revoked
  }
}

/** The text that was given for `what`. */
export function text(value: string, what: string): string {
  if (typeof value !== 'string') {
    throw wrong(what, `\`${what}\` is a text, not ${named(value)}`);
  }
  if (!isWellFormed(value)) {
    throw wrong(what, `\`${what}\` is ${HALF}`);
  }
  return value;
}

/** JSON in which the native module has marked the integers that a double would round. */
export function parseMarked(json: string, mark: string | undefined): unknown {
  const value: unknown = JSON.parse(json);
  return mark === undefined ? value : withBigInts(value, mark);
}

/**
 * Marks numbers on their way through `JSON.stringify`. Nobody outside knows it, so no text can be taken for it. Made when
 * first needed: what makes it takes a while to load.
 */
let secret: string | undefined;
function mark(): string {
  secret ??= `${globalThis.crypto.randomUUID()}:`;
  return secret;
}

function write(value: unknown, replace: (key: string, value: unknown) => unknown, what: string): string {
  let json: string | undefined;
  try {
    json = isFlat(value) ? JSON.stringify(value) : JSON.stringify(value, replace);
  } catch (cause) {
    // What getters, `toJSON` and proxies throw may be anything.
    const why = typeof cause === 'object' && !(cause instanceof Error) ? named(cause) : String(cause);
    throw cause instanceof ConfigError ? cause : wrong(what, `${what} cannot be written as JSON: ${why}`, { cause });
  }
  if (json === undefined) {
    throw wrong(what, `${what} is missing: ${typeof value} cannot be written as JSON`);
  }
  return json;
}

/** Replaces the marked texts in place. A stack of its own, since JSON may be nested deeper than calls can be. */
function withBigInts(root: unknown, mark: string): unknown {
  const top = { root };
  const open: Record<string, unknown>[] = [top];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const key of Object.keys(node)) {
      const value = node[key];
      if (typeof value === 'string') {
        if (value.startsWith(mark)) {
          node[key] = BigInt(value.slice(mark.length));
        }
      } else if (typeof value === 'object' && value !== null) {
        open.push(value as Record<string, unknown>);
      }
    }
  }
  return top.root;
}

/** Whether it is an object of texts, numbers and the like, which needs no watching; `JSON.stringify` alone is much faster. */
function isFlat(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !isPlain(value) || 'toJSON' in value) {
    return false;
  }
  return Object.entries(Object.getOwnPropertyDescriptors(value)).every(
    ([name, { value: member, get }]) => get === undefined && isSimple(member) && isWellFormed(name),
  );
}

function isSimple(value: unknown): boolean {
  const type = typeof value;
  return (
    value === null ||
    (type === 'string' && isWellFormed(value as string)) ||
    type === 'boolean' ||
    type === 'undefined' ||
    (type === 'number' && Number.isFinite(value) && !Object.is(value, -0))
  );
}

/** The integer that it is, boxed or not. */
function bigintOf(value: unknown): bigint | undefined {
  return types.isBigIntObject(value)
    ? BigInt.prototype.valueOf.call(value)
    : typeof value === 'bigint'
      ? value
      : undefined;
}

/** What a text is that no UTF-8, and so no JSON on the wire, can hold. */
const HALF = 'no text: it has half of a surrogate pair, as texts have that were cut within a character';

function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** An object literal or the like, of any realm. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function wrong(what: string, message: string, cause?: ErrorOptions): ConfigError {
  return new ConfigError(message, { setting: what, outcome: 'not_sent', ...cause });
}
