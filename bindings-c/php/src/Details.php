<?php

declare(strict_types=1);

namespace Egito;

/** @internal Typed access to the details of an error. A detail of an unexpected type counts as missing. */
final class Details
{
    /** @param array<mixed> $all */
    public function __construct(private readonly array $all)
    {
    }

    public function string(string $name): ?string
    {
        $value = $this->all[$name] ?? null;
        return is_string($value) ? $value : null;
    }

    public function int(string $name): ?int
    {
        $value = $this->all[$name] ?? null;
        return is_int($value) ? $value : null;
    }

    public function bool(string $name): bool
    {
        return ($this->all[$name] ?? false) === true;
    }

    public function seconds(string $name): ?float
    {
        $value = $this->all[$name] ?? null;
        return is_int($value) || is_float($value) ? (float) $value : null;
    }

    public function id(): int|string|null
    {
        $id = $this->all['id'] ?? null; // with the setting `exact`, a long one is a Number
        if (is_float($id) || $id instanceof \Stringable) {
            return (string) $id;
        }
        return is_int($id) || is_string($id) ? $id : null;
    }

    /** @return ?array<string, mixed> */
    public function record(): ?array
    {
        $record = $this->all['record'] ?? null;
        $record = $record instanceof \ArrayObject ? $record->getArrayCopy() : $record; // with the setting `exact`
        /** @var ?array<string, mixed> fields have names */
        return is_array($record) ? $record : null;
    }

    /** @return list<FieldError> */
    public function errors(): array
    {
        $errors = $this->all['errors'] ?? [];
        return is_array($errors) ? array_map(self::fieldError(...), array_values($errors)) : [];
    }

    private static function fieldError(mixed $error): FieldError
    {
        $error = is_array($error) ? $error : [];
        $details = new self($error);
        return new FieldError(
            $details->string('field'),
            $details->string('message') ?? '',
            $error['rejected_value'] ?? null,
            $details->string('object'),
            $error['raw'] ?? null,
        );
    }
}
