/** Exact decimals. */

import { configError, describe } from './values.js';

/** Matches a number in JSON. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * A decimal number with all its digits. The setting `decimals: 'decimal'` returns decimals as this type. Records, filters, ids and
 * params may contain it: it is sent as a number with exactly these digits.
 *
 * ```js
 * await client.accounts.update(id, { turnover: new Decimal('12345678901234567890.10') });
 * ```
 *
 * It does no arithmetic: pass its `digits` to a library such as big.js, or use `Number(decimal)`, which may round.
 */
export class Decimal {
  /** The digits, such as `-12.50` or `1e400`. */
  readonly digits: string;

  /** Creates a decimal from the digits of a JSON number. Throws `ConfigError` for anything else. */
  constructor(digits: string) {
    if (typeof digits !== 'string' || !NUMBER.test(digits)) {
      const given = typeof digits === 'string' ? JSON.stringify(digits) : describe(digits);
      throw configError(
        'digits',
        `invalid \`digits\`: expected a JSON number in a string, such as '-12.50', got ${given}`,
      );
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
