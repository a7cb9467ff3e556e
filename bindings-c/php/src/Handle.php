<?php

declare(strict_types=1);

namespace Egito;

/**
 * @internal Owns an object of the library, and frees it with its last reference.
 *
 * It stores an address instead of an FFI object: a trace or dump may keep an FFI object after its memory was freed,
 * which crashes PHP.
 */
final class Handle
{
    /** @param \Closure(self): void $free frees the object in the library */
    public function __construct(
        private readonly \Closure $free,
        public readonly string $type,
        public readonly int $address,
    ) {
    }

    public function __destruct()
    {
        ($this->free)($this);
    }

    /** Forbids copies, which would be freed a second time. */
    private function __clone()
    {
    }

    /**
     * Forbids addresses from outside. (FFI already forbids serialization.)
     *
     * @param array<mixed> $data
     */
    public function __unserialize(array $data): never
    {
        throw new \LogicException('a client and its lists cannot be unserialized; create a new client instead');
    }
}
