/** Points in time, in objects of several classes. */

import { types } from 'node:util';

/** Members of date objects. */
interface DateLike {
  readonly [Symbol.toStringTag]?: unknown;
  readonly epochMilliseconds?: unknown;
  readonly isLuxonDateTime?: unknown;
  toJSDate?(): Date;
}

const { toJSON } = Date.prototype;

/**
 * Returns the point in time of a `Date`, a `Temporal.Instant`, a `Temporal.ZonedDateTime` or a luxon `DateTime`; `undefined` for other
 * values. Their own JSON may have a time zone or another number of digits, which Egito reads as a time in its own time zone.
 *
 * A subclass of `Date` with its own `toJSON` is not converted: its `toJSON` decides what is written.
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
