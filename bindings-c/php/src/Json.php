<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;
use Egito\Exception\InternalException;

/** Encodes and decodes records as JSON, by the same rules as the client: for queues, files and logs. */
final class Json
{
    /**
     * Matches what PHP may lose: numbers with many digits or a large exponent, {}, and objects that may look like
     * lists.
     */
    private const INEXACT = '/[0-9][0-9.]{15}|[0-9][eE][+-]?[0-9]{3}|\{\s*(?:\}|"0")/';

    private const DECIMAL = '/[0-9][.eE]/';

    /** Matches a number, the start of an object that may look like a list, and an empty object. Skips strings. */
    private const INEXACT_TOKENS = '/"[^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+"(*SKIP)(*FAIL)'
        . '|-?[0-9][0-9.eE+-]*+|\{(?=\s*+"0")|\{\s*+\}/s';

    /**
     * Encodes any value; README.md lists the types.
     *
     * @param string $name name of the value in an error
     * @throws ConfigException for a string that is not UTF-8, NAN, INF, and objects without a JSON form
     */
    public static function encode(
        #[\SensitiveParameter]
        mixed $value,
        string $name = 'value',
    ): string {
        return (new JsonWriter($name))->write($value);
    }

    /**
     * Encodes a record: an empty array becomes an empty object.
     *
     * @param array<string, mixed>|object $record
     * @throws ConfigException like encode()
     */
    public static function object(
        #[\SensitiveParameter]
        array|object $record,
        string $name = 'record',
    ): string {
        $json = self::encode($record, $name);
        return $json === '[]' ? '{}' : $json;
    }

    /**
     * Decodes JSON, objects as arrays.
     *
     * @param bool $exact whether to keep what PHP's own types lose, so that encode() writes the same JSON: an integer
     *     beyond PHP's int (otherwise a string) and a decimal that a float would round become a Number; an object that
     *     would look like a list, such as {}, becomes an \ArrayObject (otherwise an array)
     * @param bool $decimals whether every decimal becomes a Number with its digits, not only one that a float would
     *     round
     * @throws ConfigException if the string is not JSON
     */
    public static function decode(string $json, bool $exact = false, bool $decimals = false): mixed
    {
        $isInexact = $exact && preg_match(self::INEXACT, $json) === 1
            || $decimals && preg_match(self::DECIMAL, $json) === 1;
        return $isInexact ? self::decodeExactly($json, $exact, $decimals) : self::values($json);
    }

    /**
     * @internal Decodes an id, a number or a string. A number that does not fit into PHP's int is returned as a string.
     */
    public static function id(string $json): int|string
    {
        $id = self::values($json);
        return is_int($id) || is_string($id) ? $id : $json;
    }

    private static function values(string $json): mixed
    {
        try {
            return json_decode($json, true, flags: JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR);
        } catch (\JsonException $why) {
            throw ConfigException::about('json', 'not JSON: ' . lcfirst($why->getMessage()));
        }
    }

    /**
     * Decodes values that json_decode() would change. They are first marked with a random sentinel: a number becomes a
     * string that begins with it, and an object gets it as a member.
     */
    private static function decodeExactly(string $json, bool $exact, bool $decimals): mixed
    {
        $sentinel = bin2hex(random_bytes(16));
        $isKept = static fn (string $number): bool => $decimals && strpbrk($number, '.eE') !== false
            || $exact && !Number::survives($number);
        $hidden = preg_replace_callback(
            self::INEXACT_TOKENS,
            static fn (array $token): string => match (true) {
                $token[0] === '{' => $exact ? "{\"$sentinel\":0," : '{',
                $token[0][0] === '{' => $exact ? "{\"$sentinel\":0}" : '{}',
                $isKept($token[0]) => "\"$sentinel$token[0]\"",
                default => $token[0],
            },
            $json,
        );
        $hidden ??= throw new InternalException(['message' => preg_last_error_msg()]);
        return self::reveal(self::values($hidden), $sentinel);
    }

    private static function reveal(mixed $value, string $sentinel): mixed
    {
        if (is_string($value) && str_starts_with($value, $sentinel)) {
            return new Number(substr($value, strlen($sentinel)));
        }
        if (!is_array($value)) {
            return $value;
        }
        $isObject = isset($value[$sentinel]);
        unset($value[$sentinel]);
        $value = array_map(static fn (mixed $part): mixed => self::reveal($part, $sentinel), $value);
        return $isObject && array_is_list($value) ? new \ArrayObject($value) : $value;
    }
}
