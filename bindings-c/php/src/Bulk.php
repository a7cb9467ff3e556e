<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/**
 * @internal The same action for many inputs, some calls at a time, one row for each input, in order.
 *
 * Takes inputs from their iterable as there is room for them, on this thread. Calls in flight run on their own; they end if
 * the rows are no longer read.
 */
final class Bulk
{
    /** @var \SplQueue<array{mixed, ?ConfigException}> inputs that have no row yet, and what is wrong with them */
    private readonly \SplQueue $unread;

    /** What the progress threw, and of how many finished calls it was told then. */
    private ?\Throwable $thrown = null;
    private int $thrownAt = 0;

    /** What the inputs threw, until it was thrown again. */
    private ?\Throwable $failure = null;

    /** The next row, if it was found and not given. */
    private ?BulkRow $found = null;

    /** How many rows were given. */
    private int $given = 0;

    /** @var \Iterator<mixed, mixed> */
    private readonly \Iterator $inputs;
    private bool $hasBegun = false;
    private bool $hasMore = true;

    /**
     * @param iterable<mixed> $inputs
     * @param \Closure(mixed): array{?string, ?string} $write gives the id and the record of an input as JSON
     * @param ?callable(Progress): mixed $onProgress
     */
    public function __construct(
        private readonly Connection $connection,
        private readonly Handle $handle,
        iterable $inputs,
        private readonly \Closure $write,
        private mixed $onProgress,
    ) {
        $this->inputs = $inputs instanceof \Iterator ? $inputs : (static fn () => yield from $inputs)();
        $this->unread = new \SplQueue();
    }

    /** The next row; null after the last. */
    public function next(): ?BulkRow
    {
        $this->throwAfterRow();
        Signals::hold();
        try {
            $this->find();
        } finally {
            Signals::release(); // a handler may throw; the row that was found is given by the next call
        }
        [$row, $this->found] = [$this->found, null];
        if ($row === null && $this->failure !== null) {
            [$failure, $this->failure] = [$this->failure, null];
            throw $failure;
        }
        $this->given += $row === null ? 0 : 1;
        return $row;
    }

    private function find(): void
    {
        while ($this->found === null) {
            $this->found = $this->step();
            if ($this->found === null) {
                if (!$this->hasMore) {
                    return;
                }
                $this->take(); // the next input is not taken before there is room for it
            }
        }
    }

    /** Ends the bulk: no further input is taken, and progress is no longer reported. */
    public function cancel(): void
    {
        $this->connection->native->cancel($this->handle);
        $this->hasMore = false;
        $this->onProgress = null;
        $this->thrown = null;
        $this->failure = null;
    }

    private function take(): void
    {
        Signals::handle();
        try {
            $this->hasMore = Signals::during($this->hasNext(...));
        } catch (\Throwable $thrown) {
            // What was sent is waited for first: its rows say what was done.
            [$this->hasMore, $this->failure] = [false, $thrown];
        }
        if ($this->hasMore) {
            $this->push($this->inputs->current());
        }
    }

    /** Turns to the next input. */
    private function hasNext(): bool
    {
        if ($this->hasBegun) {
            $this->inputs->next();
        } else {
            $this->inputs->rewind();
            $this->hasBegun = true;
        }
        return $this->inputs->valid();
    }

    private function push(mixed $input): void
    {
        try {
            [$id, $record, $wrong] = [...($this->write)($input), null];
        } catch (\Throwable $why) { // jsonSerialize() of an input may throw anything
            [$id, $record] = [null, null]; // the library makes a failed row of it, in its place
            $wrong = $why instanceof ConfigException ? $why : self::unwritable($why);
        }
        $this->connection->native->push($this->handle, $id, $record);
        $this->unread->enqueue([$input, $wrong]);
    }

    /** What the progress threw, once as many rows were given as it was told of. */
    private function throwAfterRow(): void
    {
        if ($this->thrown !== null && $this->given >= $this->thrownAt) {
            throw $this->thrown;
        }
    }

    private static function unwritable(\Throwable $why): ConfigException
    {
        return ConfigException::about('record', "the record cannot be written as JSON: {$why->getMessage()}; nothing was sent", $why);
    }

    /** The next row; null if there is room for another input, or none is left without a row. */
    private function step(): ?BulkRow
    {
        $row = $this->connection->step($this->handle, $this->hasMore);
        while ($row instanceof Progress) {
            $this->tell($row);
            $row = $this->connection->step($this->handle, $this->hasMore);
        }
        if ($row === null) {
            return null;
        }
        [$index, $id, $record, $error] = $row;
        [$input, $wrong] = $this->unread->dequeue();
        return new BulkRow(
            $index,
            $input,
            $id === null ? null : Json::id($id),
            $record === null ? null : $this->connection->record($record),
            $wrong ?? ($error === null ? null : $this->connection->failure($error)),
        );
    }

    private function tell(Progress $progress): void
    {
        if ($this->onProgress === null || $this->thrown !== null) {
            return;
        }
        try {
            ($this->onProgress)($progress);
        } catch (\Throwable $why) {
            [$this->thrown, $this->thrownAt] = [$why, $progress->done];
        }
    }
}
