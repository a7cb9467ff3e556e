<?php

declare(strict_types=1);

namespace Egito;

/** @internal Something of the library's that must be freed, once, when nobody holds it any more. */
final class Handle
{
    /** @param \Closure(object): void $free */
    public function __construct(public readonly object $pointer, private readonly \Closure $free)
    {
    }

    public function __destruct()
    {
        ($this->free)($this->pointer);
    }

    /** A copy would be freed a second time. */
    private function __clone()
    {
    }
}
