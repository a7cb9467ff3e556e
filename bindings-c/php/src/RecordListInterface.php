<?php

declare(strict_types=1);

namespace Egito;

/**
 * The methods of a RecordList, for tests that replace it.
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

    public function mark(): string;
}
