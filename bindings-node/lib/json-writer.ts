/** Writes values as JSON with every digit, and refuses what JSON has no value for. */

import { types } from 'node:util';
import { Decimal } from './decimal.js';
import { ConfigError } from './generated/error-classes.js';
import { pointInTime } from './point-in-time.js';
import type { RecordId } from './record.js';
import { hidden, isPlain, isWellFormed, MALFORMED, named, wrong } from './values.js';

/** Returns the JSON of a value. Throws `ConfigError` for what JSON has no value for; `what` names the value in the error. */
export function toJson(value: unknown, what: string): string {
  try {
    return isFlat(value) ? JSON.stringify(value) : new Writer(what).write(value);
  } catch (cause) {
    // Getters, `toJSON` and proxies may throw anything.
    const why = typeof cause === 'object' && !(cause instanceof Error) ? named(cause) : String(cause);
    throw cause instanceof ConfigError ? cause : wrong(what, `${what} cannot be written as JSON: ${why}`, { cause });
  }
}

/** Returns the JSON of an id. Throws `ConfigError` for a value that would be rounded or become a string. */
export function idToJson(id: RecordId): string {
  if (typeof id !== 'string' && typeof id !== 'bigint' && !Number.isInteger(id)) {
    const given = typeof id === 'number' ? id : named(id);
    throw wrong('id', `an id is an integer (number or bigint) or a text, not ${given}`);
  }
  return toJson(typeof id === 'number' ? BigInt(id) : id, 'id');
}

/** An object whose members are being written. */
interface Step {
  readonly key: string;
  readonly value: object;
  /** What is written in its place: for a `Map` the object of its entries. */
  readonly written: object;
}

/** Writes one value. */
class Writer {
  readonly #what: string;
  /** The objects around the member that is written, the outermost first. */
  readonly #path: Step[] = [];
  #hasMarks = false;

  constructor(what: string) {
    this.#what = what;
  }

  write(root: unknown): string {
    const member = this.#member.bind(this);
    const json = JSON.stringify(root, function (this: Record<string, unknown>, key: string, value: unknown) {
      return member(this, key, value);
    });
    return this.#hasMarks ? json.replaceAll(new RegExp(`"${mark()}([-+.\\deE]+)"`, 'g'), '$1') : json;
  }

  /** Returns what `JSON.stringify` writes for a member. `value` is what its `toJSON` returned, if it has one. */
  #member(holder: Record<string, unknown>, key: string, value: unknown): unknown {
    const given = holder[key];
    const isOmitted = value === undefined && this.#path.length > 0 && !Array.isArray(holder);
    const why = isWellFormed(key) ? refusal(given, value) : MALFORMED;
    if (why !== undefined && !isOmitted) {
      this.#refuse(holder, key, why);
    }
    const digits = digitsOf(given) ?? digitsOf(value);
    if (digits !== undefined) {
      this.#hasMarks = true;
      return mark() + digits;
    }
    const time = pointInTime(given);
    if (time !== undefined) {
      return toISOString.call(time);
    }
    return typeof value === 'object' && value !== null ? this.#entered(holder, key, value) : value;
  }

  #entered(holder: object, key: string, value: object): object {
    this.#leaveTo(holder);
    if (this.#path.some((step) => step.value === value)) {
      this.#refuse(holder, key, `${types.isMap(value) ? 'a Map' : named(value)} that contains itself`);
    }
    const written = types.isMap(value) ? this.#entries(holder, key, value) : value;
    this.#path.push({ key, value, written });
    return written;
  }

  #entries(holder: object, key: string, map: Map<unknown, unknown>): object {
    const object: Record<string, unknown> = Object.create(null);
    for (const [name, member] of map) {
      if (typeof name !== 'string') {
        this.#refuse(holder, key, `a Map with a key that is no text (${named(name)})`);
      }
      object[name] = member;
    }
    return object;
  }

  #leaveTo(holder: object): void {
    while (this.#path.length > 0 && this.#path.at(-1)?.written !== holder) {
      this.#path.pop();
    }
  }

  #refuse(holder: object, key: string, why: string): never {
    this.#leaveTo(holder);
    const names = [...this.#path.map((step) => step.key), key].slice(1); // without that of the root
    const place = names.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('');
    throw wrong(this.#what, `\`${this.#what}${place}\` is ${why}`);
  }
}

const { toISOString } = Date.prototype;

/** Returns why JSON cannot hold a value, if it cannot. `given` is the value before its `toJSON`. */
function refusal(given: unknown, value: unknown): string | undefined {
  if (isBytes(value) || (isBytes(given) && isBufferJson(given))) {
    return `${named(given)}, and JSON has no bytes; give text, such as \`buffer.toString('base64')\``;
  }
  const time = pointInTime(given) ?? (types.isDate(given) ? given : undefined);
  if (time !== undefined && Number.isNaN(time.getTime())) {
    return 'an invalid Date; give a valid one or null';
  }
  switch (typeof value) {
    case 'undefined':
      return 'undefined, which JSON has no value for; give null or leave it out';
    case 'function':
    case 'symbol':
      return `a ${typeof value}, which JSON has no value for; leave it out`;
    case 'string':
      return isWellFormed(value) ? undefined : MALFORMED;
    case 'number':
      return Number.isFinite(value) ? undefined : `${value}, which JSON has no value for; give a finite number or null`;
    case 'object':
      return value === null ? undefined : objectRefusal(value);
    default:
      return undefined;
  }
}

function objectRefusal(value: object): string | undefined {
  if (types.isNumberObject(value) || types.isStringObject(value) || types.isSymbolObject(value)) {
    return refusal(value.valueOf(), value.valueOf());
  }
  if (types.isNativeError(value)) {
    return `${named(value)}, of which JSON would show a part only; give its \`message\``;
  }
  return types.isMap(value) ? undefined : hidden(value);
}

function isBytes(value: unknown): value is ArrayBufferView | ArrayBufferLike {
  return ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
}

/** Whether these are bytes whose `toJSON` is that of `Buffer`. */
function isBufferJson(bytes: ArrayBufferView | ArrayBufferLike): boolean {
  return (bytes as Partial<Buffer>).toJSON === Buffer.prototype.toJSON;
}

/** Returns the digits of a value that `JSON.stringify` would refuse, round or quote. */
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
 * Marks numbers on their way through `JSON.stringify`. It is random, so that no string in the JSON can be taken for one; made when
 * first needed, since what makes it takes a while to load.
 */
let secret: string | undefined;
function mark(): string {
  secret ??= `${globalThis.crypto.randomUUID()}:`;
  return secret;
}

/** Whether it is an object of strings, numbers and the like, which needs no watching; `JSON.stringify` alone is much faster. */
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
