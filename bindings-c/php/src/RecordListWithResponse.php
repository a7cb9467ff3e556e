<?php

declare(strict_types=1);

namespace Egito;

/** A list whose pages are a Response each, see RecordList::withResponse(). */
final class RecordListWithResponse implements RecordListWithResponseInterface
{
    /**
     * @internal Made by a RecordList.
     * @param Connection $connection one that keeps responses
     * @param RecordListInterface $list the list on this connection
     */
    public function __construct(private readonly Connection $connection, private readonly RecordListInterface $list)
    {
    }

    /**
     * The pages: the records of each are the `value` of its response.
     *
     * @return \Generator<int, Response<list<array<string, mixed>>>>
     */
    public function pages(): \Generator
    {
        foreach ($this->list->pages() as $page) {
            yield $this->connection->response($page);
        }
    }
}
