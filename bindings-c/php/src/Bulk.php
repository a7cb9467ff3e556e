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

    /** What the progress threw. */
    private ?\Throwable $thrown = null;

    /**
     * @param iterable<mixed> $inputs
     * @param \Closure(mixed): array{?string, ?string} $write gives the id and the record of an input as JSON
     * @param ?callable(Progress): mixed $onProgress
     */
    public function __construct(
        private readonly Connection $connection,
        private readonly Handle $handle,
        private readonly iterable $inputs,
        private readonly \Closure $write,
        private readonly mixed $onProgress,
    ) {
        $this->unread = new \SplQueue();
    }

    /** @return \Generator<int, BulkRow> */
    public function rows(): \Generator
    {
        foreach ($this->inputs as $input) {
            $this->push($input);
            while (($row = $this->step(more: true)) !== null) {
                yield $row; // the next input is not taken before there is room for it
                $this->throwAfterRow();
            }
        }
        while (($row = $this->step(more: false)) !== null) {
            yield $row;
            $this->throwAfterRow();
        }
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

    /** What the progress threw, once its row was given: no row is lost to whoever reads them one by one. */
    private function throwAfterRow(): void
    {
        if ($this->thrown !== null) {
            throw $this->thrown;
        }
    }

    private static function unwritable(\Throwable $why): ConfigException
    {
        return ConfigException::about('record', "the record cannot be written as JSON: {$why->getMessage()}; nothing was sent", $why);
    }

    /** The next row; null if there is room for another input, or none is left without a row. */
    private function step(bool $more): ?BulkRow
    {
        $row = $this->connection->native->step($this->handle, $more);
        while ($row instanceof Progress) {
            $this->tell($row);
            $row = $this->connection->native->step($this->handle, $more);
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
            $this->thrown = $why;
        }
    }
}
