<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/**
 * A JSON number that keeps its digits: for integers beyond PHP's int, and for decimals that a float would round.
 *
 *     $client->accounts()->update($id, ['turnover' => new Number('12345678901234567890.10')]);
 */
final class Number implements \Stringable, \JsonSerializable
{
    private const FORM = '/\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z/';

    /** @throws ConfigException if the digits are not a JSON number */
    public function __construct(public readonly string $digits)
    {
        if (preg_match(self::FORM, $digits) !== 1) {
            throw ConfigException::about('number', 'invalid number: expected a JSON number such as "-12.50"');
        }
    }

    /** @internal Returns whether an int or a float of PHP has exactly the value of these digits. */
    public static function survives(string $digits): bool
    {
        $number = json_decode($digits);
        return is_int($number)
            || is_float($number) && strpbrk($digits, '.eE') !== false && is_finite($number)
                && self::value($digits) === self::value(sprintf('%.*H', -1, $number));
    }

    public function __toString(): string
    {
        return $this->digits;
    }

    /** Returns the digits: json_encode() can only write them as a string. Json::encode() writes the number. */
    public function jsonSerialize(): string
    {
        return $this->digits;
    }

    /**
     * Returns the sign, the significant digits and the exponent: the same for all spellings of a number.
     *
     * @return array{bool, string, int}
     */
    private static function value(string $number): array
    {
        preg_match('/\A(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?\z/', $number, $parts);
        $whole = $parts[2] ?? '';
        $fraction = $parts[3] ?? '';
        $significant = ltrim($whole . $fraction, '0');
        $exponent = (int) ($parts[4] ?? 0) - strlen($fraction) + strlen($significant);
        $significant = rtrim($significant, '0');
        return [($parts[1] ?? '') === '-', $significant, $significant === '' ? 0 : $exponent];
    }
}
