<?php

declare(strict_types=1);

namespace Egito;

/** What an Entity can do, for tests that put something else in its place. */
interface EntityInterface
{
    public function withResponse(): EntityWithResponseInterface;

    /** @param array<string, mixed>|object $record */
    public function create(array|object $record): int|string;

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

    /** @param array<string, mixed>|object $params */
    public function call(string $action, array|object $params = [], string $method = 'POST'): mixed;

    /**
     * @param iterable<array<string, mixed>|object> $records
     * @param ?callable(Progress): mixed $onProgress
     * @return ($stream is true ? \Iterator<int, BulkRow> : list<BulkRow>)
     */
    public function createMany(
        iterable $records,
        int $concurrency = 8,
        ?callable $onProgress = null,
        bool $stream = false,
        ?int $maxFailures = null,
        float $outageTimeout = 300.0,
        float $cancelGrace = 5.0,
    ): array|\Iterator;

    /**
     * @param iterable<int|string|Number> $ids
     * @param ?callable(Progress): mixed $onProgress
     * @return ($stream is true ? \Iterator<int, BulkRow> : list<BulkRow>)
     */
    public function getMany(
        iterable $ids,
        int $concurrency = 8,
        ?callable $onProgress = null,
        bool $stream = false,
        ?int $maxFailures = null,
        float $outageTimeout = 300.0,
        float $cancelGrace = 5.0,
    ): array|\Iterator;

    /**
     * @param iterable<array{int|string|Number, array<string, mixed>|object}> $changes
     * @param ?callable(Progress): mixed $onProgress
     * @return ($stream is true ? \Iterator<int, BulkRow> : list<BulkRow>)
     */
    public function updateMany(
        iterable $changes,
        int $concurrency = 8,
        ?callable $onProgress = null,
        bool $stream = false,
        ?int $maxFailures = null,
        float $outageTimeout = 300.0,
        float $cancelGrace = 5.0,
    ): array|\Iterator;

    /**
     * @param iterable<int|string|Number> $ids
     * @param ?callable(Progress): mixed $onProgress
     * @return ($stream is true ? \Iterator<int, BulkRow> : list<BulkRow>)
     */
    public function deleteMany(
        iterable $ids,
        int $concurrency = 8,
        ?callable $onProgress = null,
        bool $stream = false,
        ?int $maxFailures = null,
        float $outageTimeout = 300.0,
        float $cancelGrace = 5.0,
    ): array|\Iterator;
}
