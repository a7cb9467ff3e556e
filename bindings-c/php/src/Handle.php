<?php

declare(strict_types=1);

namespace Egito;

/**
 * @internal Something of the library's that must be freed, once, when nobody holds it any more.
 *
 * It holds an address and no FFI object: those crash PHP where a trace or a dump that holds one outlives what it points to.
 */
final class Handle
{
    /** @param \Closure(self): void $free frees it in the library */
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

    /** A copy would be freed a second time. */
    private function __clone()
    {
    }

    /**
     * An address from elsewhere is none of ours. (FFI lets nothing be serialized that holds it.)
     *
     * @param array<mixed> $data
     */
    public function __unserialize(array $data): never
    {
        throw new \LogicException('a client and its lists cannot be unserialized; make a new client instead');
    }
}
