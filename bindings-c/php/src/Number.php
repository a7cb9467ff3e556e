<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/**
 * A JSON number kept as its digits: for integers beyond PHP's int, and for decimals that a float would round.
 *
 *     $client->accounts()->update($id, ['turnover' => new Number('12345678901234567890.10')]);
 */
final class Number implements \Stringable, \JsonSerializable
{
    private const FORM = '/\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z/';

    /** @throws ConfigException where the digits are not a number as JSON writes it */
    public function __construct(public readonly string $digits)
    {
        if (preg_match(self::FORM, $digits) !== 1) {
            throw ConfigException::about('number', 'the digits are not a number as JSON writes it, such as "-12.50"');
        }
    }

    public function __toString(): string
    {
        return $this->digits;
    }

    /** PHP's own json_encode can only write the digits as text; Json::encode() writes the number. */
    public function jsonSerialize(): string
    {
        return $this->digits;
    }
}
