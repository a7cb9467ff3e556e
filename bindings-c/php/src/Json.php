<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;
use Egito\Exception\InternalException;

/** Records as JSON, as this package reads and writes them: for queues, files and logs. */
final class Json
{
    /** What may get lost: numbers of many digits or with a large exponent, {}, and objects that may look like lists. */
    private const INEXACT = '/[0-9][0-9.]{15}|[0-9][eE][+-]?[0-9]{3}|\{\s*(?:\}|"0")/';

    private const DECIMAL = '/[0-9][.eE]/';

    /** A text, which is skipped; a number; the beginning of such an object, and its end where it is empty. */
    private const INEXACT_TOKENS = '/"[^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+"(*SKIP)(*FAIL)|-?[0-9][0-9.eE+-]*+|\{(?=\s*+"0")|\{\s*+\}/s';

    /**
     * The JSON text of any value; README.md says which types there are.
     *
     * @param string $name what the value is called in an error
     * @throws ConfigException for text that is not UTF-8, NAN, INF, and objects that have no JSON form
     */
    public static function encode(
        #[\SensitiveParameter]
        mixed $value,
        string $name = 'value',
    ): string {
        return (new JsonWriter($name))->write($value);
    }

    /**
     * The JSON text of a record: an empty array is an empty object.
     *
     * @param array<string, mixed>|object $record
     * @throws ConfigException as encode()
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
     * The value of a JSON text, objects as arrays.
     *
     * @param bool $exact whether what an array cannot tell comes as an object, so that encode() writes the same JSON:
     *     an integer beyond PHP's int (else as text) and a decimal that a float would round as a Number, an object that
     *     would look like a list, such as {}, as an \ArrayObject (else as an array)
     * @param bool $decimals whether every decimal comes as a Number with its digits, not only one that a float would round
     * @throws ConfigException where the text is not JSON
     */
    public static function decode(string $json, bool $exact = false, bool $decimals = false): mixed
    {
        $isLost = $exact && preg_match(self::INEXACT, $json) === 1 || $decimals && preg_match(self::DECIMAL, $json) === 1;
        return $isLost ? self::decodeExactly($json, $exact, $decimals) : self::values($json);
    }

    /** @internal An id is a number or a text, and stays what it was; a number that is no int of PHP's comes as its digits. */
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
            throw ConfigException::about('json', 'the text is not JSON: ' . lcfirst($why->getMessage()));
        }
    }

    /** What would be lost goes through json_decode behind a mark that nobody else can know. */
    private static function decodeExactly(string $json, bool $exact, bool $decimals): mixed
    {
        $mark = bin2hex(random_bytes(16));
        $isKept = static fn (string $number): bool => $decimals && strpbrk($number, '.eE') !== false
            || $exact && !Number::survives($number);
        $marked = preg_replace_callback(
            self::INEXACT_TOKENS,
            static fn (array $token): string => match (true) {
                $token[0] === '{' => $exact ? "{\"$mark\":0," : '{',
                $token[0][0] === '{' => $exact ? "{\"$mark\":0}" : '{}',
                $isKept($token[0]) => "\"$mark$token[0]\"",
                default => $token[0],
            },
            $json,
        );
        $marked ??= throw new InternalException(['message' => preg_last_error_msg()]);
        return self::unmarked(self::values($marked), $mark);
    }

    private static function unmarked(mixed $value, string $mark): mixed
    {
        if (is_string($value) && str_starts_with($value, $mark)) {
            return new Number(substr($value, strlen($mark)));
        }
        if (!is_array($value)) {
            return $value;
        }
        $isObject = isset($value[$mark]);
        unset($value[$mark]);
        $value = array_map(static fn (mixed $part): mixed => self::unmarked($part, $mark), $value);
        return $isObject && array_is_list($value) ? new \ArrayObject($value) : $value;
    }
}
