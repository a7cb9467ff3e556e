<?php

declare(strict_types=1);

namespace Egito;

/**
 * The rows of a bulk as they become known, by `stream: true`. To be read once.
 *
 * Dropping it ends the calls in flight, whose rows nobody has then. After leaving a loop, rest() gives what was not read.
 *
 * @implements \Iterator<int, BulkRow>
 */
final class BulkRows implements \Iterator
{
    private ?BulkRow $row = null;
    private int $place = -1;

    /** @internal */
    public function __construct(private readonly Bulk $bulk)
    {
    }

    /**
     * Ends the bulk and gives the rows that were not read yet: no further input is taken, and calls in flight have
     * `cancelGrace` seconds to finish. Each input that was taken has a row.
     *
     * @return list<BulkRow>
     */
    public function rest(): array
    {
        $this->bulk->cancel();
        $rows = [];
        while (($row = $this->bulk->next()) !== null) {
            $rows[] = $row;
        }
        $this->row = null;
        return $rows;
    }

    public function current(): ?BulkRow
    {
        $this->rewind();
        return $this->row;
    }

    public function key(): int
    {
        $this->rewind();
        return $this->place;
    }

    public function next(): void
    {
        $this->row = $this->bulk->next();
        $this->place++;
    }

    /** Waits for the first row; does nothing later. */
    public function rewind(): void
    {
        if ($this->place < 0) {
            $this->next();
        }
    }

    public function valid(): bool
    {
        $this->rewind();
        return $this->row !== null;
    }
}
