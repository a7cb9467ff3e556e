<?php

declare(strict_types=1);

namespace Egito;

/**
 * What a RecordList can do, for tests that put something else in its place.
 *
 * @extends \IteratorAggregate<int, array<string, mixed>>
 */
interface RecordListInterface extends \IteratorAggregate, \Countable
{
    /** @return \Generator<int, list<array<string, mixed>>> */
    public function pages(): \Generator;

    public function withResponse(): RecordListWithResponseInterface;

    /** @return list<array<string, mixed>> */
    public function toArray(): array;

    /** @return ?array<string, mixed> */
    public function first(): ?array;

    public function exists(): bool;

    public function total(): ?int;
}
