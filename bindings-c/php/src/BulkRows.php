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

    /** How often waiting for the last rows may be interrupted: the second time ends the calls at once. */
    private const INTERRUPTIONS = 3;

    /** @var ?\WeakMap<\Throwable, list<BulkRow>> what ended bulks, and their rows */
    private static ?\WeakMap $ended = null;

    /** @internal */
    public function __construct(private readonly Bulk $bulk)
    {
    }

    /**
     * Returns the rows of a bulk that an exception has ended: those of all inputs that were taken until then. An exception that has
     * ended no bulk has none.
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
        return self::$ended[$thrown] ?? [];
    }

    /**
     * @internal All rows, once the last is known. What is thrown meanwhile has those of the inputs that were taken, see of().
     *
     * @return list<BulkRow>
     */
    public function all(): array
    {
        $rows = [];
        Signals::hold();
        try {
            while (($row = $this->bulk->next()) !== null) {
                $rows[] = $row;
            }
            return $rows;
        } catch (\Throwable $thrown) {
            $this->end($rows);
            self::keep($thrown, $rows);
            throw $thrown;
        } finally {
            Signals::release();
        }
    }

    /**
     * Ends the bulk and gives the rows that were not read yet: no further input is taken, and calls in flight have
     * `cancelGrace` seconds to finish. Each input that was taken has a row.
     *
     * @return list<BulkRow>
     */
    public function rest(): array
    {
        $rows = [];
        $this->row = null;
        Signals::hold();
        try {
            $thrown = $this->end($rows);
        } finally {
            Signals::release();
        }
        if ($thrown !== null) {
            self::keep($thrown, $rows);
            throw $thrown;
        }
        return $rows;
    }

    /**
     * Ends the bulk. What a signal handler has thrown meanwhile, at last.
     *
     * @param list<BulkRow> $rows gets the rows that were not read yet
     */
    private function end(array &$rows): ?\Throwable
    {
        $thrown = null;
        for ($try = 0; $try < self::INTERRUPTIONS; $try++) {
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
        self::$ended ??= new \WeakMap();
        self::$ended[$thrown] = $rows;
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
