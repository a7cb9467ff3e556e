<?php

declare(strict_types=1);

namespace Egito;

/**
 * A list that is read page by page while one goes through it, in constant memory. Each foreach reads it anew.
 *
 * @implements \IteratorAggregate<int, array<string, mixed>>
 */
final class RecordList implements \IteratorAggregate
{
    /** So many records are arrays at a time: few enough that PHP uses the same memory, in the processor's cache, again. */
    private const AT_A_TIME = 100;

    /**
     * @internal Made by an Entity or a Client.
     * @param list<string> $arguments as in egito.h
     */
    public function __construct(
        private readonly Connection $connection,
        private readonly string $function,
        private readonly array $arguments,
    ) {
    }

    /** @return \Generator<int, array<string, mixed>> the records, one after the other */
    public function getIterator(): \Generator
    {
        $cursor = $this->begin();
        while (($records = $this->connection->next($cursor, self::AT_A_TIME)) !== null) {
            foreach ($records as $record) {
                yield $record; // not `yield from`, which would count them from 0 again
            }
        }
    }

    /**
     * The pages as the server gave them.
     *
     * @return \Generator<int, list<array<string, mixed>>>
     */
    public function pages(): \Generator
    {
        $cursor = $this->begin();
        while (($page = $this->connection->next($cursor)) !== null) {
            yield $page;
        }
    }

    /**
     * All records at once, in memory.
     *
     * @return list<array<string, mixed>>
     */
    public function toArray(): array
    {
        return array_merge(...iterator_to_array($this->pages(), false));
    }

    /**
     * The first record; null where there is none. It costs one page: a `pageSize` of 1 makes it small.
     *
     * @return ?array<string, mixed>
     */
    public function first(): ?array
    {
        foreach ($this as $record) {
            return $record;
        }
        return null;
    }

    private function begin(): Handle
    {
        return $this->connection->begin($this->function, 'egito_cursor', ...$this->arguments);
    }
}
