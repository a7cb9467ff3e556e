<?php

declare(strict_types=1);

namespace Egito;

/** The methods of a RecordListWithResponse, for tests that replace it. */
interface RecordListWithResponseInterface
{
    /** @return \Generator<int, Response<list<array<string, mixed>>>> */
    public function pages(): \Generator;

    public function mark(): string;
}
