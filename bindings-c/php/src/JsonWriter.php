<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/** @internal Writes values as JSON, and refuses what would arrive as something else than it is. */
final class JsonWriter
{
    /** As deep as the library reads; an object that contains itself ends here. */
    private const DEPTH = 127;

    /** @var list<int|string> where in the value we are */
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
            is_string($value) => $this->text($value),
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
            $value instanceof \DateTimeInterface => $this->text(self::utc($value)),
            $value instanceof \JsonSerializable => $this->inside('', $value->jsonSerialize()),
            $value instanceof \BackedEnum => $this->write($value->value),
            $value instanceof \stdClass => $this->members(get_object_vars($value)),
            $value instanceof \ArrayObject => $this->members($value->getArrayCopy()),
            default => throw $this->refuse('is of type ' . get_debug_type($value) . ', which has no JSON form'),
        };
    }

    private function text(
        #[\SensitiveParameter]
        string $text,
    ): string {
        $json = json_encode($text, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
        return $json !== false ? $json : throw $this->refuse('is not valid UTF-8');
    }

    /** The shortest digits that bring the same float back, whatever php.ini and the locale say; a float stays one. */
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
        foreach ($values as $place => $value) {
            $parts[] = $this->inside($place, $value);
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
            $parts[] = $this->text((string) $name) . ':' . $this->inside($name, $value);
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

    private function refuse(string $why): ConfigException
    {
        $place = implode('.', array_filter($this->path, static fn (int|string $step): bool => $step !== ''));
        return ConfigException::about($this->name, "`$place` $why; nothing was sent");
    }

    /** The only spelling that servers read as UTC: with exactly three digits of a fraction. They take others for their own zone. */
    private static function utc(\DateTimeInterface $time): string
    {
        return \DateTimeImmutable::createFromInterface($time)->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.v\Z');
    }
}
