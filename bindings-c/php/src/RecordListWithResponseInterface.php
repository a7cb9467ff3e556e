<?php

declare(strict_types=1);

namespace Egito;

/** What a RecordListWithResponse can do, for tests that put something else in its place. */
interface RecordListWithResponseInterface
{
    /** @return \Generator<int, Response<list<array<string, mixed>>>> */
    public function pages(): \Generator;
}
