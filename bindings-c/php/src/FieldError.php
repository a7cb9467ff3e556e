<?php

declare(strict_types=1);

namespace Egito;

/** One complaint of the server about a record. */
final class FieldError implements \Stringable
{
    /**
     * @param ?string $field the field that is wrong, where the server names it
     * @param string $message what is wrong, in the server's words and language
     * @param mixed $rejectedValue the value that was refused
     * @param ?string $object the server's name of the kind of object
     * @param mixed $raw the complaint as the server sent it
     */
    public function __construct(
        public readonly ?string $field,
        public readonly string $message,
        public readonly mixed $rejectedValue = null,
        public readonly ?string $object = null,
        public readonly mixed $raw = null,
    ) {
    }

    public function __toString(): string
    {
        return $this->field === null ? $this->message : "$this->field: $this->message";
    }
}
