<?php

declare(strict_types=1);

namespace Egito;

/**
 * A list that is read page by page while one goes through it, in constant memory. Each foreach reads it anew.
 */
final class RecordList implements RecordListInterface
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
                if ($this->connection->isClosed()) {
                    break; // the next records are an error
                }
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

    /** Returns the list for pages that are a Response each: their records with HTTP status and headers. */
    public function withResponse(): RecordListWithResponse
    {
        $connection = $this->connection->withResponse();
        return new RecordListWithResponse($connection, new self($connection, $this->function, $this->arguments));
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
     * The first record; null where there is none. Asks for one record, with `start` for three.
     *
     * @return ?array<string, mixed>
     */
    public function first(): ?array
    {
        return $this->connection->first($this->begin());
    }

    /** Whether there is any record. Asks for one record, with `start` for three. */
    public function exists(): bool
    {
        return $this->ask('egito_php_cursor_exists') === 'true';
    }

    /**
     * How many records the server says that match the filters; null where it does not say. Sends one small request; `start`
     * and `limit` do not change the number.
     */
    public function total(): ?int
    {
        $total = $this->ask('egito_php_cursor_total');
        return $total === null ? null : (int) $total;
    }

    /**
     * The number of records that the list gives, with its filters, `start` and `limit`; `count($list)` is the same.
     *
     * Costs one small request where the server tells a total. Otherwise the whole list is read, in constant memory.
     *
     * @return int<0, max>
     */
    public function count(): int
    {
        return max(0, (int) $this->ask('egito_php_cursor_count'));
    }

    private function ask(string $function): ?string
    {
        return $this->connection->ask($function, $this->begin());
    }

    private function begin(): Handle
    {
        return $this->connection->begin($this->function, 'egito_cursor', ...$this->arguments);
    }
}
