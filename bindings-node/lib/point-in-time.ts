/** Points in time, whatever class holds them. */

import { types } from 'node:util';

/** What the objects of date libraries have. */
interface DateLike {
  readonly [Symbol.toStringTag]?: unknown;
  readonly epochMilliseconds?: unknown;
  readonly isLuxonDateTime?: unknown;
  toJSDate?(): Date;
}

const { toJSON } = Date.prototype;

/**
 * Returns the point in time that a value stands for: a `Date`, a `Temporal.Instant` or `Temporal.ZonedDateTime`, or a `DateTime`
 * of luxon. Their own JSON may have a time zone or another number of digits, which Egito reads as a time of its own zone.
 *
 * A subclass of `Date` with a `toJSON` of its own is none: it says itself what is written.
 */
export function pointInTime(value: unknown): Date | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  if (types.isDate(value)) {
    return value.toJSON === toJSON || value.toJSON === Date.prototype.toJSON ? value : undefined;
  }
  const { [Symbol.toStringTag]: tag, epochMilliseconds, isLuxonDateTime } = value as DateLike;
  if (tag === 'Temporal.Instant' || tag === 'Temporal.ZonedDateTime') {
    return new Date(Number(epochMilliseconds));
  }
  return isLuxonDateTime === true ? (value as DateLike).toJSDate?.() : undefined;
}
