/** Writes values as JSON with every digit. Values that JSON cannot contain are errors. */

import { types } from 'node:util';
import { Decimal } from './decimal.js';
import { ConfigError } from './generated/error-classes.js';
import { pointInTime } from './point-in-time.js';
import type { RecordId } from './record.js';
import { configError, describe, isPlain, isWellFormed, LONE_SURROGATE, unserializableReason } from './values.js';

/** Returns the JSON of a value. Throws `ConfigError` for a value that JSON cannot contain; `what` names the value in the error. */
export function toJson(value: unknown, what: string): string {
  try {
    const plain = typeof value === 'object' && value !== null ? plainCopy(value, PLAIN_LEVELS) : undefined;
    return plain === undefined ? new Writer(what).write(value) : JSON.stringify(plain);
  } catch (cause) {
    if (cause instanceof ConfigError) {
      throw cause;
    }
    // Getters, `toJSON` and proxies may throw any value.
    const reason = typeof cause === 'object' && !(cause instanceof Error) ? describe(cause) : String(cause);
    throw configError(what, `\`${what}\` cannot be written as JSON: ${reason}`, { cause });
  }
}

/** Returns the JSON of an id. Throws `ConfigError` for a value that would be rounded or become a string. */
export function idToJson(id: RecordId): string {
  if (typeof id !== 'string' && typeof id !== 'bigint' && !Number.isInteger(id)) {
    const got = typeof id === 'number' ? id : describe(id);
    throw configError('id', `invalid id: expected an integer (number or bigint) or a string, got ${got}`);
  }
  return toJson(typeof id === 'number' ? BigInt(id) : id, 'id');
}

/** Returns the JSON of ids. Throws `ConfigError` for a value that is not iterable, and for an invalid id. */
export function idsToJson(ids: Iterable<RecordId>): string {
  if (typeof ids !== 'object' || ids === null || !(Symbol.iterator in ids)) {
    throw configError('ids', `invalid ids: expected an array or another iterable, got ${describe(ids)}`);
  }
  return `[${Array.from(ids, idToJson).join()}]`;
}

/** An object that is being written. */
interface PathEntry {
  readonly key: string;
  readonly value: object;
  /** The object to write instead: for a `Map` an object with its entries. */
  readonly written: object;
}

/** Writes one value. */
class Writer {
  readonly #what: string;
  /** The objects that contain the current member, the outermost first. */
  readonly #path: PathEntry[] = [];
  #hasSentinels = false;

  constructor(what: string) {
    this.#what = what;
  }

  write(root: unknown): string {
    const member = this.#member.bind(this);
    const json = JSON.stringify(root, function (this: Record<string, unknown>, key: string, value: unknown) {
      return member(this, key, value);
    });
    return this.#hasSentinels ? json.replaceAll(new RegExp(`"${sentinel()}([-+.\\deE]+)"`, 'g'), '$1') : json;
  }

  /** Returns the value that `JSON.stringify` is to write for a member. `value` is the result of its `toJSON`, if it has one. */
  #member(holder: Record<string, unknown>, key: string, value: unknown): unknown {
    const original = holder[key];
    const isOmitted = value === undefined && this.#path.length > 0 && !Array.isArray(holder);
    const reason = isWellFormed(key) ? invalidReason(original, value) : LONE_SURROGATE;
    if (reason !== undefined && !isOmitted) {
      this.#fail(holder, key, reason);
    }
    const digits = digitsOf(original) ?? digitsOf(value);
    if (digits !== undefined) {
      this.#hasSentinels = true;
      return sentinel() + digits;
    }
    const time = pointInTime(original);
    if (time !== undefined) {
      return toISOString.call(time);
    }
    return typeof value === 'object' && value !== null ? this.#enter(holder, key, value) : value;
  }

  #enter(holder: object, key: string, value: object): object {
    this.#popTo(holder);
    if (this.#path.some((entry) => entry.value === value)) {
      this.#fail(holder, key, `${types.isMap(value) ? 'a Map' : describe(value)} that contains itself`);
    }
    const written = types.isMap(value) ? this.#entries(holder, key, value) : value;
    this.#path.push({ key, value, written });
    return written;
  }

  #entries(holder: object, key: string, map: Map<unknown, unknown>): object {
    const object: Record<string, unknown> = Object.create(null);
    for (const [name, member] of map) {
      if (typeof name !== 'string') {
        this.#fail(holder, key, `a Map with a key that is not a string (${describe(name)})`);
      }
      object[name] = member;
    }
    return object;
  }

  #popTo(holder: object): void {
    while (this.#path.length > 0 && this.#path.at(-1)?.written !== holder) {
      this.#path.pop();
    }
  }

  #fail(holder: object, key: string, reason: string): never {
    this.#popTo(holder);
    const names = [...this.#path.map((entry) => entry.key), key].slice(1); // without the key of the root
    const path = names.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('');
    throw configError(this.#what, `\`${this.#what}${path}\` is ${reason}`);
  }
}

const { toISOString } = Date.prototype;

/** Returns why JSON cannot contain a value, if so. `original` is the value before its `toJSON`. */
function invalidReason(original: unknown, value: unknown): string | undefined {
  if (isBytes(value) || (isBytes(original) && isBufferJson(original))) {
    return `${describe(original)}, and JSON cannot contain bytes; pass a string, such as \`buffer.toString('base64')\``;
  }
  const time = pointInTime(original) ?? (types.isDate(original) ? original : undefined);
  if (time !== undefined && Number.isNaN(time.getTime())) {
    return 'an invalid Date; pass a valid one or null';
  }
  const year = time?.getUTCFullYear() ?? 0;
  if (year < 0 || year > 9999) {
    return `a time in the year ${year}; pass one from 0 to 9999`; // JSON would have six digits, which Egito does not read
  }
  switch (typeof value) {
    case 'undefined':
      return 'undefined, which JSON cannot contain; pass null or omit it';
    case 'function':
    case 'symbol':
      return `a ${typeof value}, which JSON cannot contain; omit it`;
    case 'string':
      return isWellFormed(value) ? undefined : LONE_SURROGATE;
    case 'number':
      return Number.isFinite(value) ? undefined : `${value}, which JSON cannot contain; pass a finite number or null`;
    case 'object':
      return value === null ? undefined : invalidObjectReason(value);
    default:
      return undefined;
  }
}

function invalidObjectReason(value: object): string | undefined {
  if (types.isNumberObject(value) || types.isStringObject(value) || types.isSymbolObject(value)) {
    return invalidReason(value.valueOf(), value.valueOf());
  }
  if (types.isNativeError(value)) {
    return `${describe(value)}, which JSON would contain incompletely; pass its \`message\``;
  }
  return types.isMap(value) ? undefined : unserializableReason(value);
}

function isBytes(value: unknown): value is ArrayBufferView | ArrayBufferLike {
  return ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
}

/** Returns whether the `toJSON` of these bytes is that of `Buffer`. */
function isBufferJson(bytes: ArrayBufferView | ArrayBufferLike): boolean {
  return (bytes as Partial<Buffer>).toJSON === Buffer.prototype.toJSON;
}

/** Returns the digits of a number that `JSON.stringify` would refuse, round or quote. */
function digitsOf(value: unknown): string | undefined {
  if (value instanceof Decimal) {
    return value.digits;
  }
  if (typeof value === 'bigint' || types.isBigIntObject(value)) {
    return BigInt.prototype.valueOf.call(value).toString();
  }
  return Object.is(value, -0) ? '-0' : undefined;
}

/**
 * Returns the prefix of the strings that replace numbers while `JSON.stringify` runs. It is random, so no other string begins with it.
 * It is created on first use, since the crypto module loads slowly.
 */
function sentinel(): string {
  randomSentinel ??= `${globalThis.crypto.randomUUID()}:`;
  return randomSentinel;
}

let randomSentinel: string | undefined;

/** Levels of objects up to which {@link plainCopy} looks. */
const PLAIN_LEVELS = 32;

/**
 * Returns a copy that `JSON.stringify` alone can write, which is much faster, or `undefined`: a plain object or array whose members are
 * simple or such objects. It is a copy, since a getter may return another value the next time.
 */
function plainCopy(value: object, levels: number): object | undefined {
  if (levels === 0 || 'toJSON' in value) {
    return undefined;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    for (let index = 0; index < value.length; index++) {
      const member = plainMember(value[index], levels);
      if (member === undefined) {
        return undefined;
      }
      copy.push(member);
    }
    return copy;
  }
  if (!isPlain(value)) {
    return undefined;
  }
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const original = (value as Record<string, unknown>)[name];
    if (original === undefined) {
      continue; // as `JSON.stringify`
    }
    const member = plainMember(original, levels);
    if (member === undefined || name === '__proto__' || !isWellFormed(name)) {
      return undefined;
    }
    copy[name] = member;
  }
  return copy;
}

/** Returns the member of a plain copy, or `undefined` if there can be none. */
function plainMember(value: unknown, levels: number): unknown {
  if (typeof value === 'object' && value !== null) {
    return plainCopy(value, levels - 1);
  }
  return isSimple(value) ? value : undefined;
}

function isSimple(value: unknown): boolean {
  const type = typeof value;
  return (
    value === null ||
    (type === 'string' && isWellFormed(value as string)) ||
    type === 'boolean' ||
    (type === 'number' && Number.isFinite(value) && !Object.is(value, -0))
  );
}
