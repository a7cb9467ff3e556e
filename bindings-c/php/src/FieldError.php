<?php

declare(strict_types=1);

namespace Egito;

/** One error of the server about a record. */
final class FieldError implements \Stringable
{
    /**
     * @param ?string $field invalid field, if the server names it
     * @param string $message what is wrong, in the words and language of the server
     * @param mixed $rejectedValue refused value
     * @param ?string $object the server's name for the type of object
     * @param mixed $raw the error as the server sent it
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
