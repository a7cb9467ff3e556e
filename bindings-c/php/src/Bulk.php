<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/**
 * @internal The same action for many inputs, some calls at a time, one row for each input, in order.
 *
 * Inputs are taken from their iterable as there is room for them, on this thread; calls that are under way go on by
 * themselves. Whoever stops reading the rows ends the calls that are under way.
 */
final class Bulk
{
    /** @var \SplQueue<array{mixed, ?ConfigException}> inputs that have no row yet, and what is wrong with them */
    private readonly \SplQueue $waiting;

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
        $this->waiting = new \SplQueue();
    }

    /** @return \Generator<int, BulkRow> */
    public function rows(): \Generator
    {
        foreach ($this->inputs as $input) {
            $this->push($input);
            while (!$this->connection->native->hasRoom($this->handle)) {
                yield $this->next(); // the next input is not taken before it can be sent
                $this->throwAfterRow();
            }
        }
        while (!$this->waiting->isEmpty()) {
            yield $this->next();
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
        $this->waiting->enqueue([$input, $wrong]);
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

    private function next(): BulkRow
    {
        [$index, $id, $record, $error] = $this->connection->native->row($this->handle)
            ?? throw new Exception\InternalException(['message' => 'a bulk gave fewer rows than inputs']);
        [$input, $wrong] = $this->waiting->dequeue();
        if ($this->onProgress !== null) {
            $this->tell($this->onProgress);
        }
        return new BulkRow(
            $index,
            $input,
            $id === null ? null : Json::id($id),
            $record === null ? null : $this->connection->record($record),
            $wrong ?? ($error === null ? null : $this->connection->failure($error)),
        );
    }

    /** @param callable(Progress): mixed $onProgress */
    private function tell(callable $onProgress): void
    {
        try {
            $onProgress($this->connection->native->progress($this->handle));
        } catch (\Throwable $why) {
            $this->thrown = $why;
        }
    }
}
