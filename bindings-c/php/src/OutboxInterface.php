<?php

declare(strict_types=1);

namespace Egito;

/** The methods of an Outbox, for tests that replace it. */
interface OutboxInterface
{
    /**
     * @param array<string, mixed>|object $record
     * @param string|list<string> $key
     */
    public function put(
        string $entity,
        array|object $record,
        string|array $key,
        float $settle = 10.0,
        string $lookup = 'filter',
    ): int;

    /**
     * @param array<string, mixed>|object $record
     * @param string|list<string> $key
     */
    public function putUpsert(
        string $entity,
        array|object $record,
        string|array $key,
        float $settle = 10.0,
        string $lookup = 'filter',
    ): int;

    /**
     * @param int|string|Number $id
     * @param array<string, mixed>|object $fields
     */
    public function putUpdate(string $entity, mixed $id, array|object $fields): int;

    /** @param int|string|Number $id */
    public function putDelete(string $entity, mixed $id): int;

    public function deliver(?int $limit = null): Delivery;

    /** @return list<OutboxEntry> */
    public function entries(?EntryState $state = null, int $limit = 100, int $after = 0): array;

    public function get(int $entryId): OutboxEntry;

    /** @return array{waiting: int, sending: int, refused: int, unclear: int, delivered: int} */
    public function counts(): array;

    public function retry(int $entryId): void;

    /** @param array<string, mixed>|object $record */
    public function edit(int $entryId, array|object $record): void;

    public function discard(int $entryId): void;
}
