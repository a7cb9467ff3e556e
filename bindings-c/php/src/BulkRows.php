<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/**
 * The rows of a bulk, in the order of the inputs, as they become known. Can be read once.
 *
 *     $rows = $client->leads()->streamCreateMany($leads);
 *     foreach ($rows as $row) {
 *         …
 *     }
 *
 * Destroying it aborts the calls in flight, and their rows are lost. After leaving the loop early, rest() returns them.
 *
 * @implements \Iterator<int, BulkRow>
 */
final class BulkRows implements \Iterator
{
    private ?BulkRow $row = null;
    private int $position = -1;

    /** How often the wait for the last rows may be interrupted. The second cancel ends the calls at once. */
    private const MAX_INTERRUPTIONS = 3;

    /** @var ?\WeakMap<\Throwable, list<BulkRow>> rows of bulks by the exception that ended them */
    private static ?\WeakMap $rowsByException = null;

    /** @internal */
    public function __construct(private readonly Bulk $bulk)
    {
    }

    /**
     * Returns the rows of a bulk that was ended by an exception: one for each input that was read until then. Returns
     * an empty list for an exception that did not end a bulk.
     *
     *     try {
     *         $rows = $client->leads()->createMany($leads);
     *     } catch (Throwable $thrown) {
     *         $rows = BulkRows::of($thrown);
     *     }
     *
     * @return list<BulkRow>
     */
    public static function of(\Throwable $thrown): array
    {
        return self::$rowsByException[$thrown] ?? [];
    }

    /**
     * @internal Waits for the last row and returns all of them. If an exception ends the bulk, of() returns its rows.
     *
     * @return list<BulkRow>
     */
    public function all(): array
    {
        $rows = [];
        Signals::block();
        try {
            while (($row = $this->bulk->next()) !== null) {
                $rows[] = $row;
            }
            return $rows;
        } catch (\Throwable $thrown) {
            $this->drain($rows);
            self::keep($thrown, $rows);
            throw $thrown;
        } finally {
            Signals::unblock();
        }
    }

    /**
     * Cancels the bulk and returns the rows that were not read yet. No further input is read, and calls in flight get
     * `cancelGrace` seconds to finish. Every input that was read has a row.
     *
     * @return list<BulkRow>
     */
    public function rest(): array
    {
        $rows = [];
        $this->row = null;
        $this->position = max($this->position, 0);
        Signals::block();
        try {
            $thrown = $this->drain($rows);
        } finally {
            Signals::unblock();
        }
        if ($thrown !== null) {
            self::keep($thrown, $rows);
            throw $thrown;
        }
        return $rows;
    }

    /**
     * Cancels the bulk. Returns the last exception that a signal handler has thrown meanwhile.
     *
     * @param list<BulkRow> $rows receives the rows that were not read yet
     */
    private function drain(array &$rows): ?\Throwable
    {
        $thrown = null;
        for ($interruptions = 0; $interruptions < self::MAX_INTERRUPTIONS; $interruptions++) {
            try {
                $this->bulk->cancel();
                while (($row = $this->bulk->next()) !== null) {
                    $rows[] = $row;
                }
                break;
            } catch (\Throwable $thrown) {
            }
        }
        return $thrown;
    }

    /** @param list<BulkRow> $rows */
    private static function keep(\Throwable $thrown, array $rows): void
    {
        self::$rowsByException ??= new \WeakMap();
        self::$rowsByException[$thrown] = $rows;
    }

    public function current(): ?BulkRow
    {
        $this->start();
        return $this->row;
    }

    public function key(): int
    {
        $this->start();
        return $this->position;
    }

    public function next(): void
    {
        $this->row = $this->bulk->next();
        $this->position++;
    }

    /**
     * Waits for the first row. Does nothing after that, but after the last row it throws ConfigException: another loop
     * would look like a bulk without inputs.
     */
    public function rewind(): void
    {
        if ($this->position >= 0 && $this->row === null) {
            throw ConfigException::about('bulk', 'the rows of this bulk were read already; start a new bulk');
        }
        $this->start();
    }

    private function start(): void
    {
        if ($this->position < 0) {
            $this->next();
        }
    }

    public function valid(): bool
    {
        $this->start();
        return $this->row !== null;
    }
}
