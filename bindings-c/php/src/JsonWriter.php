<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

use function abs;
use function is_array;
use function is_float;
use function is_int;
use function is_string;

/** @internal Encodes values as JSON, and refuses values that would change on the way. */
final class JsonWriter
{
    /** Maximum depth that the library accepts; also stops at an object that contains itself. */
    private const DEPTH = 127;

    private const FLAGS = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION;

    /** json_encode() writes floats between these two like float(), without an exponent. */
    private const SMALLEST_PLAIN = 1e-4;

    private const LARGEST_PLAIN = 1e15;

    /** @var list<int|string> path of the current value */
    private array $path;

    /** Whether json_encode() writes all digits of a float, which php.ini decides. */
    private ?bool $floatsAreExact = null;

    public function __construct(private readonly string $name)
    {
        $this->path = [$name];
    }

    public function write(
        #[\SensitiveParameter]
        mixed $value,
    ): string {
        return match (true) {
            is_string($value) => $this->string($value),
            is_int($value), $value instanceof Number => (string) $value,
            is_array($value) => $this->array($value),
            $value === null => 'null',
            is_bool($value) => $value ? 'true' : 'false',
            is_float($value) => $this->float($value),
            default => $this->object($value),
        };
    }

    private function object(
        #[\SensitiveParameter]
        mixed $value,
    ): string {
        return match (true) {
            $value instanceof \DateTimeInterface => $this->string($this->utc($value)),
            $value instanceof \JsonSerializable => $this->inside('', $value->jsonSerialize()),
            $value instanceof \BackedEnum => $this->write($value->value),
            $value instanceof \stdClass => $this->members(get_object_vars($value)),
            $value instanceof \ArrayObject => $this->members($value->getArrayCopy()),
            default => throw $this->refuse('is of type ' . get_debug_type($value) . ', which has no JSON form'),
        };
    }

    private function string(
        #[\SensitiveParameter]
        string $string,
    ): string {
        $json = json_encode($string, self::FLAGS);
        return $json !== false ? $json : throw $this->refuse('is not valid UTF-8');
    }

    /** Writes the shortest digits that read back as the same float, independent of php.ini and the locale. */
    private function float(float $float): string
    {
        if (!is_finite($float)) {
            throw $this->refuse("is $float, which JSON does not have");
        }
        $digits = sprintf('%.*H', -1, $float);
        return strpbrk($digits, '.E') === false ? "$digits.0" : $digits;
    }

    /** @param array<mixed> $values */
    private function array(
        #[\SensitiveParameter]
        array $values,
    ): string {
        $levels = self::DEPTH + 1 - count($this->path);
        $json = $this->isPlain($values, $levels) ? json_encode($values, self::FLAGS) : false;
        if ($json !== false) {
            return $json;
        }
        return array_is_list($values) ? $this->list($values) : $this->members($values);
    }

    /**
     * Returns whether json_encode() writes the array like list() and members(), but five times as fast, or fails.
     *
     * @param array<mixed> $values
     * @param int $levels how many levels the array may have
     */
    private function isPlain(
        #[\SensitiveParameter]
        array $values,
        int $levels,
    ): bool {
        if ($levels <= 0) {
            return false;
        }
        foreach ($values as $value) {
            $isPlain = match (true) {
                is_string($value), is_int($value) => true,
                is_array($value) => $this->isPlain($value, $levels - 1),
                is_float($value) => $this->isPlainFloat($value),
                default => !is_object($value),
            };
            if (!$isPlain) {
                return false;
            }
        }
        return true;
    }

    private function isPlainFloat(float $float): bool
    {
        $this->floatsAreExact ??= ini_get('serialize_precision') === '-1';
        $size = abs($float);
        return $this->floatsAreExact && ($size >= self::SMALLEST_PLAIN && $size < self::LARGEST_PLAIN || $size === 0.0);
    }

    /** @param list<mixed> $values */
    private function list(
        #[\SensitiveParameter]
        array $values,
    ): string {
        $parts = [];
        foreach ($values as $index => $value) {
            $parts[] = $this->inside($index, $value);
        }
        return '[' . implode(',', $parts) . ']';
    }

    /** @param array<mixed> $values */
    private function members(
        #[\SensitiveParameter]
        array $values,
    ): string {
        $parts = [];
        foreach ($values as $name => $value) {
            $json = json_encode((string) $name, self::FLAGS);
            if ($json === false) {
                throw $this->refuse('has a field whose name is not valid UTF-8');
            }
            $parts[] = "$json:" . $this->inside($name, $value);
        }
        return '{' . implode(',', $parts) . '}';
    }

    private function inside(
        int|string $step,
        #[\SensitiveParameter]
        mixed $value,
    ): string {
        if (count($this->path) > self::DEPTH) {
            $this->path = [$this->name];
            throw $this->refuse('is nested too deeply, or contains itself');
        }
        $this->path[] = $step;
        $json = $this->write($value);
        array_pop($this->path);
        return $json;
    }

    private function refuse(string $reason): ConfigException
    {
        $path = implode('.', array_filter($this->path, static fn (int|string $step): bool => $step !== ''));
        return ConfigException::about($this->name, "`$path` $reason; nothing was sent");
    }

    /**
     * Writes the only format that servers read as UTC: with exactly three fractional digits. They read others in their
     * own time zone.
     */
    private function utc(\DateTimeInterface $time): string
    {
        $utc = \DateTimeImmutable::createFromInterface($time)->setTimezone(new \DateTimeZone('UTC'));
        $year = (int) $utc->format('Y');
        if ($year < 0 || $year > 9999) {
            throw $this->refuse("is a time in the year $year; pass one from 0 to 9999");
        }
        return $utc->format('Y-m-d\TH:i:s.v\Z');
    }
}
