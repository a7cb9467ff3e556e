<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/** @internal Encodes values as JSON, and refuses values that would change on the way. */
final class JsonWriter
{
    /** Maximum depth that the library accepts; also stops at an object that contains itself. */
    private const DEPTH = 127;

    /** @var list<int|string> path of the current value */
    private array $path;

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
            is_array($value) => array_is_list($value) ? $this->list($value) : $this->members($value),
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
        $json = json_encode($string, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
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
            if (preg_match('//u', (string) $name) !== 1) {
                throw $this->refuse('has a field whose name is not valid UTF-8');
            }
            $parts[] = $this->string((string) $name) . ':' . $this->inside($name, $value);
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
