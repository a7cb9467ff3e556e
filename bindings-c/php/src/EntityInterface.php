<?php

declare(strict_types=1);

namespace Egito;

/** The methods of an Entity, for tests that replace it. */
interface EntityInterface
{
    public function withResponse(): EntityWithResponseInterface;

    /** @param array<string, mixed>|object $record */
    public function create(array|object $record): int|string;

    /**
     * @param array<string, mixed>|object $record
     * @param string|list<string> $key
     */
    public function createOnce(
        array|object $record,
        string|array $key,
        float $settle = 10.0,
        string $lookup = 'filter',
    ): FoundOrCreated;

    /**
     * @param array<string, mixed>|object $record
     * @param string|list<string> $key
     */
    public function upsert(
        array|object $record,
        string|array $key,
        float $settle = 10.0,
        string $lookup = 'filter',
    ): Upserted;

    /**
     * @param int|string|Number $id
     * @return array<string, mixed>
     */
    public function get(mixed $id): array;

    /**
     * @param int|string|Number $id
     * @param array<string, mixed>|object $fields
     */
    public function update(mixed $id, array|object $fields): int|string;

    /** @param int|string|Number $id */
    public function delete(mixed $id): int|string;

    /** @param array<string, mixed> $filters */
    public function list(
        array $filters = [],
        ?string $sort = null,
        ?string $order = null,
        ?int $pageSize = null,
        ?int $limit = null,
        int $start = 0,
    ): RecordListInterface;

    /** @param array<string, mixed> $filters */
    public function changes(
        ?string $since = null,
        string $by = 'lastUpdated',
        float $lag = 300.0,
        array $filters = [],
        ?int $pageSize = null,
    ): RecordListInterface;

    /** @return list<int|string> */
    public function ids(): array;

    /**
     * @param iterable<int|string|Number> $knownIds
     * @return list<int|string>
     */
    public function deleted(iterable $knownIds): array;

    /** @param array<string, mixed>|object $params */
    public function call(string $action, array|object $params = [], string $method = 'POST'): mixed;

    /**
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string>|null $key
     * @return list<BulkRow>
     */
    public function createMany(
        iterable $records,
        BulkOptions $options = new BulkOptions(),
        string|array|null $key = null,
        float $settle = 10.0,
    ): array;

    /**
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string>|null $key
     * @return \Iterator<int, BulkRow>
     */
    public function streamCreateMany(
        iterable $records,
        BulkOptions $options = new BulkOptions(),
        string|array|null $key = null,
        float $settle = 10.0,
    ): \Iterator;

    /**
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string> $key
     * @return list<BulkRow>
     */
    public function upsertMany(
        iterable $records,
        string|array $key,
        BulkOptions $options = new BulkOptions(),
        float $settle = 10.0,
        string $lookup = 'auto',
    ): array;

    /**
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string> $key
     * @return \Iterator<int, BulkRow>
     */
    public function streamUpsertMany(
        iterable $records,
        string|array $key,
        BulkOptions $options = new BulkOptions(),
        float $settle = 10.0,
        string $lookup = 'auto',
    ): \Iterator;

    /**
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string> $key
     * @return list<BulkRow>
     */
    public function planUpsert(
        iterable $records,
        string|array $key,
        BulkOptions $options = new BulkOptions(),
        string $lookup = 'auto',
    ): array;

    /**
     * @param iterable<BulkRow> $plan
     * @param string|list<string> $key
     * @return list<BulkRow>
     */
    public function applyUpsert(
        iterable $plan,
        string|array $key,
        BulkOptions $options = new BulkOptions(),
        float $settle = 10.0,
        string $lookup = 'auto',
    ): array;

    /**
     * @param iterable<int|string|Number> $ids
     * @return list<BulkRow>
     */
    public function getMany(iterable $ids, BulkOptions $options = new BulkOptions()): array;

    /**
     * @param iterable<int|string|Number> $ids
     * @return \Iterator<int, BulkRow>
     */
    public function streamGetMany(iterable $ids, BulkOptions $options = new BulkOptions()): \Iterator;

    /**
     * @param iterable<array{int|string|Number, array<string, mixed>|object}> $changes
     * @return list<BulkRow>
     */
    public function updateMany(iterable $changes, BulkOptions $options = new BulkOptions()): array;

    /**
     * @param iterable<array{int|string|Number, array<string, mixed>|object}> $changes
     * @return \Iterator<int, BulkRow>
     */
    public function streamUpdateMany(iterable $changes, BulkOptions $options = new BulkOptions()): \Iterator;

    /**
     * @param iterable<int|string|Number> $ids
     * @return list<BulkRow>
     */
    public function deleteMany(iterable $ids, BulkOptions $options = new BulkOptions()): array;

    /**
     * @param iterable<int|string|Number> $ids
     * @return \Iterator<int, BulkRow>
     */
    public function streamDeleteMany(iterable $ids, BulkOptions $options = new BulkOptions()): \Iterator;
}
