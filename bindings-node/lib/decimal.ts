/** Decimals that keep every digit. */

import { named, wrong } from './values.js';

/** A number as JSON writes it. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * A decimal number with all its digits. The setting `decimals: 'decimal'` returns decimals in this form, and what is written
 * (records, filters, ids, params) may hold them: they are sent as numbers with exactly these digits.
 *
 * ```js
 * await client.accounts.update(id, { turnover: new Decimal('12345678901234567890.10') });
 * ```
 *
 * It does not calculate: give its `digits` to a library such as big.js, or take `Number(decimal)`, which may round.
 */
export class Decimal {
  /** The digits, such as `-12.50` or `1e400`. */
  readonly digits: string;

  /** Takes the digits as JSON writes a number. Throws `ConfigError` for anything else. */
  constructor(digits: string) {
    if (typeof digits !== 'string' || !NUMBER.test(digits)) {
      const given = typeof digits === 'string' ? JSON.stringify(digits) : named(digits);
      throw wrong('digits', `\`digits\` must be a string with a JSON number such as '-12.50', got ${given}`);
    }
    this.digits = digits;
  }

  /** Returns the digits. */
  toString(): string {
    return this.digits;
  }

  /** Returns the nearest double. */
  valueOf(): number {
    return Number(this.digits);
  }

  /** Returns the digits as a string, since `JSON.stringify` cannot write them as a number; the package's `stringify` can. */
  toJSON(): string {
    return this.digits;
  }
}
