<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/**
 * @internal Applies one action to many inputs, several calls at a time, and returns one row per input, in order.
 *
 * Reads the next input from the iterable when there is room for it, on PHP's thread. The library drives the calls in
 * flight on its own thread, and aborts them when this object is destroyed.
 */
final class Bulk
{
    /** @var \SplQueue<array{mixed, ?ConfigException}> inputs without a row yet, and why an input cannot be sent */
    private readonly \SplQueue $pending;

    /** Exception of `onProgress`, and the number of finished calls at that time. */
    private ?\Throwable $progressFailure = null;
    private int $progressFailedAt = 0;

    /** Exception of the inputs, until it is thrown again. */
    private ?\Throwable $inputFailure = null;

    /** Next row, if it was received and not returned yet. */
    private ?BulkRow $received = null;

    private int $returned = 0;

    /** @var \Iterator<mixed, mixed> */
    private readonly \Iterator $inputs;
    private bool $hasBegun = false;
    private bool $hasMore = true;

    /**
     * @param iterable<mixed> $inputs
     * @param \Closure(mixed): array{0: ?string, 1: ?string, 2?: ?string, 3?: ?string} $encode returns the
     *     id and the record of an input as JSON, and the change of a row of a plan, and what it was planned for
     * @param ?\Closure(Progress): mixed $onProgress
     */
    public function __construct(
        private readonly Connection $connection,
        private readonly Handle $handle,
        iterable $inputs,
        private readonly \Closure $encode,
        private ?\Closure $onProgress,
    ) {
        $this->inputs = $inputs instanceof \Iterator ? $inputs : (static fn () => yield from $inputs)();
        $this->pending = new \SplQueue();
    }

    /** Returns the next row; null after the last one. */
    public function next(): ?BulkRow
    {
        $this->throwProgressFailure();
        Signals::block();
        try {
            $this->receive();
        } finally {
            Signals::unblock(); // a handler may throw; the next call returns the row that was received
        }
        [$row, $this->received] = [$this->received, null];
        if ($row === null && $this->inputFailure !== null) {
            [$failure, $this->inputFailure] = [$this->inputFailure, null];
            throw $failure;
        }
        $this->returned += $row === null ? 0 : 1;
        return $row;
    }

    private function receive(): void
    {
        while ($this->received === null) {
            $this->received = $this->step();
            if ($this->received === null) {
                if (!$this->hasMore) {
                    return;
                }
                $this->pushNextInput(); // there is room for it now
            }
        }
    }

    /** Cancels the bulk: no further input is read, and no progress is reported. */
    public function cancel(): void
    {
        $this->connection->native->cancel($this->handle);
        $this->hasMore = false;
        $this->onProgress = null;
        $this->progressFailure = null;
        $this->inputFailure = null;
    }

    private function pushNextInput(): void
    {
        Signals::dispatch();
        try {
            $this->hasMore = Signals::runUnblocked($this->advance(...));
        } catch (\Throwable $thrown) {
            // Wait for the calls in flight first: their rows say what was done.
            [$this->hasMore, $this->inputFailure] = [false, $thrown];
        }
        if ($this->hasMore) {
            $this->push($this->inputs->current());
        }
    }

    /** Advances to the next input and returns whether there is one. */
    private function advance(): bool
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
            $parts = ($this->encode)($input) + [2 => null, 3 => null];
            $failure = null;
        } catch (\Throwable $thrown) { // jsonSerialize() of an input may throw anything
            $parts = [null, null, null, null]; // the library turns it into a failed row at the same position
            $failure = $thrown instanceof ConfigException ? $thrown : self::notEncodable($thrown);
        }
        $this->connection->native->push($this->handle, ...$parts);
        $this->pending->enqueue([$input, $failure]);
    }

    /** Throws the exception of `onProgress`, after the rows of all calls that had finished at that time. */
    private function throwProgressFailure(): void
    {
        if ($this->progressFailure !== null && $this->returned >= $this->progressFailedAt) {
            throw $this->progressFailure;
        }
    }

    private static function notEncodable(\Throwable $previous): ConfigException
    {
        $message = "the record cannot be written as JSON: {$previous->getMessage()}; nothing was sent";
        return ConfigException::about('record', $message, $previous);
    }

    /** Returns the next row; null if there is room for another input, or if every input has its row. */
    private function step(): ?BulkRow
    {
        $row = $this->connection->step($this->handle, $this->hasMore);
        while ($row instanceof Progress) {
            $this->report($row);
            $row = $this->connection->step($this->handle, $this->hasMore);
        }
        if ($row === null) {
            return null;
        }
        [$input, $failure] = $this->pending->dequeue();
        return new BulkRow(
            $row['index'],
            $input,
            $row['id'] === null ? null : Json::id($row['id']),
            $row['record'] === null ? null : $this->connection->record($row['record']),
            $failure ?? ($row['error'] === null ? null : $this->connection->exception($row['error'])),
            $row['change'] === null ? null : Change::from($row['change']),
            $row['fields'],
            array_map(Json::id(...), $row['duplicates']),
            $row['resumed'],
            $row['change'] === null ? null : $row['record'],
            $row['plannedFor'],
        );
    }

    private function report(Progress $progress): void
    {
        if ($this->onProgress === null || $this->progressFailure !== null) {
            return;
        }
        try {
            ($this->onProgress)($progress);
        } catch (\Throwable $thrown) {
            [$this->progressFailure, $this->progressFailedAt] = [$thrown, $progress->done];
        }
    }
}
