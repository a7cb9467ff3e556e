<?php

declare(strict_types=1);

namespace Egito;

/** A list whose pages are a Response, see RecordList::withResponse(). */
final class RecordListWithResponse implements RecordListWithResponseInterface
{
    /**
     * @internal Created by a RecordList.
     * @param Connection $connection a connection that keeps responses
     * @param RecordListInterface $list the list on this connection
     */
    public function __construct(private readonly Connection $connection, private readonly RecordListInterface $list)
    {
    }

    /**
     * Returns the pages one by one; `value` of each response has the records.
     *
     * @return \Generator<int, Response<list<array<string, mixed>>>>
     */
    public function pages(): \Generator
    {
        foreach ($this->list->pages() as $page) {
            yield $this->connection->response($page);
        }
    }

    /** Returns the mark of a list of changes, see RecordList::mark(). */
    public function mark(): string
    {
        return $this->list->mark();
    }
}
