<?php

declare(strict_types=1);

namespace Egito;

/**
 * A lazy list: it is read page by page during iteration, in constant memory. Each foreach reads it again.
 */
final class RecordList implements RecordListInterface
{
    /**
     * Number of records that are decoded at a time: few enough that PHP reuses memory that is still in the processor's
     * cache.
     */
    private const CHUNK_SIZE = 100;

    /** Mark of a list of changes, once the last read has reached its end. */
    private ?string $mark = null;

    /** Number of reads that were begun: only the last one sets the mark. */
    private int $reads = 0;

    /**
     * @internal Created by an Entity or a Client.
     * @param list<string> $arguments as in egito.h
     * @param bool $hasMark whether it is a list of changes
     */
    public function __construct(
        private readonly Connection $connection,
        private readonly string $function,
        private readonly array $arguments,
        private readonly bool $hasMark = false,
    ) {
    }

    /** @return \Generator<int, array<string, mixed>> the records one by one */
    public function getIterator(): \Generator
    {
        [$cursor, $read] = $this->beginRead();
        while (($records = $this->connection->next($cursor, self::CHUNK_SIZE)) !== null) {
            foreach ($records as $record) {
                yield $record; // not `yield from`, which would count them from 0 again
                if ($this->connection->isClosed()) {
                    break; // the next records are an error
                }
            }
        }
        $this->keepMark($cursor, $read);
    }

    /**
     * Returns the pages of the server one by one.
     *
     * @return \Generator<int, list<array<string, mixed>>>
     */
    public function pages(): \Generator
    {
        [$cursor, $read] = $this->beginRead();
        while (($page = $this->connection->next($cursor)) !== null) {
            yield $page;
        }
        $this->keepMark($cursor, $read);
    }

    /**
     * Returns the mark of the last read of a list of changes, for `since` of the next one. Store it only after all
     * records were processed.
     *
     * @throws Exception\ConfigException if the last read has not reached the end, and for a list of another kind
     */
    public function mark(): string
    {
        $message = 'there is no mark: the list was not read to its end, or is not a list of changes';
        return $this->mark ?? throw Exception\ConfigException::about('mark', $message);
    }

    /** Returns the same list for pages that are a Response: the records with HTTP status and headers. */
    public function withResponse(): RecordListWithResponse
    {
        $connection = $this->connection->withResponse();
        $list = new self($connection, $this->function, $this->arguments, $this->hasMark);
        return new RecordListWithResponse($connection, $list);
    }

    /**
     * Reads all records into memory.
     *
     * @return list<array<string, mixed>>
     */
    public function toArray(): array
    {
        return array_merge(...iterator_to_array($this->pages(), false));
    }

    /**
     * Returns the first record; null if there is none. Requests one record, or three with `start`.
     *
     * @return ?array<string, mixed>
     */
    public function first(): ?array
    {
        return $this->connection->first($this->begin());
    }

    /** Returns whether there is any record. Requests one record, or three with `start`. */
    public function exists(): bool
    {
        return $this->query('egito_php_cursor_exists') === 'true';
    }

    /**
     * Returns the server's own number of records that match the filters; null if it reports none. Sends one small
     * request. `start` and `limit` do not change the number.
     */
    public function total(): ?int
    {
        $total = $this->query('egito_php_cursor_total');
        return $total === null ? null : (int) $total;
    }

    /**
     * Returns the number of records of the list, with its filters, `start` and `limit`; same as `count($list)`.
     *
     * Sends one small request if the server reports a total. Otherwise reads the whole list, in constant memory.
     *
     * @return int<0, max>
     */
    public function count(): int
    {
        return max(0, (int) $this->query('egito_php_cursor_count'));
    }

    /** @return array{Handle, int} the cursor and the number of the read */
    private function beginRead(): array
    {
        $this->mark = null;
        return [$this->begin(), ++$this->reads];
    }

    private function keepMark(Handle $cursor, int $read): void
    {
        if ($this->hasMark && $read === $this->reads) {
            $this->mark = $this->connection->native->text('egito_cursor_mark', $cursor);
        }
    }

    private function query(string $function): ?string
    {
        return $this->connection->query($function, $this->begin());
    }

    private function begin(): Handle
    {
        return $this->connection->begin($this->function, 'egito_cursor', ...$this->arguments);
    }
}
