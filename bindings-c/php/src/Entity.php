<?php

declare(strict_types=1);

namespace Egito;

/** A kind of thing in the CRM, such as `Account`, and what is done to its records. */
final class Entity implements EntityInterface
{
    public readonly string $name;

    /** @internal Made by a Client. */
    public function __construct(private readonly Connection $connection, string $name)
    {
        $this->name = $connection->entity($name);
    }

    /**
     * Returns the entity for calls that give a Response: the result with HTTP status, headers and attempts. A list has
     * RecordList::withResponse() for its pages. Calls of a bulk keep no response: events tell their status.
     */
    public function withResponse(): EntityWithResponse
    {
        $connection = $this->connection->withResponse();
        return new EntityWithResponse($connection, new self($connection, $this->name), $this->name);
    }

    /**
     * Saves a new record and gives its id. Sent again only where it surely was not done.
     *
     * @param array<string, mixed>|object $record
     * @throws Exception\ValidationException with the server's complaints
     * @throws Exception\OutcomeUnknownException where it may have been done (answer lost, 5xx …), with the record that was sent
     */
    public function create(array|object $record): int|string
    {
        return Json::id($this->connection->call('egito_php_create', $this->name, Json::object($record, 'record')));
    }

    /**
     * Reads one record.
     *
     * @param int|string|Number $id
     * @return array<string, mixed>
     * @throws Exception\NotFoundException
     */
    public function get(mixed $id): array
    {
        return $this->connection->get($this->name, self::sent($id));
    }

    /**
     * Changes the given fields of a record and gives its id.
     *
     * @param int|string|Number $id
     * @param array<string, mixed>|object $fields
     * @throws Exception\ValidationException with the server's complaints
     * @throws Exception\NotFoundException
     */
    public function update(mixed $id, array|object $fields): int|string
    {
        $fields = Json::object($fields, 'record');
        return Json::id($this->connection->call('egito_php_update', $this->name, self::sent($id), $fields));
    }

    /**
     * Deletes a record and gives its id.
     *
     * @param int|string|Number $id
     * @throws Exception\NotFoundException
     */
    public function delete(mixed $id): int|string
    {
        return Json::id($this->connection->call('egito_php_delete', $this->name, self::sent($id)));
    }

    /**
     * The entity's records, lazily: nothing is sent before the list is read.
     *
     * @param array<string, mixed> $filters names and values, handed to the server as they are; a list of values means any of
     *     them. An empty value (null, '', an empty list) is refused: a server may ignore it and send every record
     * @param ?string $order `asc` or `desc`
     * @param ?int $pageSize records asked for in one request, instead of the setting `page_size`
     * @param ?int $limit the most records; the server is asked for no more, and 0 is an empty list
     * @param int $start how many rows of the server's list come before the first record
     * @param mixed ...$unknown other names are refused, with the name that is meant
     * @throws Exception\ConfigException where an option is unknown or wrong, when the list is read
     */
    public function list(
        array $filters = [],
        ?string $sort = null,
        ?string $order = null,
        ?int $pageSize = null,
        ?int $limit = null,
        int $start = 0,
        mixed ...$unknown,
    ): RecordList {
        $options = ['filters' => (object) $filters, 'sort' => $sort, 'order' => $order, 'page_size' => $pageSize];
        $options += ['limit' => $limit, 'start' => $start];
        $options = Json::object([...array_filter($options, static fn (mixed $option): bool => $option !== null), ...$unknown], 'list');
        return new RecordList($this->connection, 'egito_list', [$this->name, $options]);
    }

    /**
     * Calls any other action of the API and gives its answer, whatever JSON it is. It is sent once.
     *
     * @param array<string, mixed>|object $params
     * @param string $method `POST`, or `GET` or `DELETE`, which send the parameters in the query
     * @throws Exception\OutcomeUnknownException where it may have been done (answer lost, 5xx …)
     */
    public function call(string $action, array|object $params = [], string $method = 'POST'): mixed
    {
        $arguments = [Native::plain('action', $action), Json::object($params, 'params'), Native::plain('method', $method)];
        return $this->connection->decode($this->connection->call('egito_php_call_action', $this->name, ...$arguments));
    }

    /**
     * Creates many records, several at a time, and gives a row for each, in their order. One that fails does not stop the
     * others. Records are taken from the iterable as they are needed.
     *
     * @param iterable<array<string, mixed>|object> $records
     * @param int $concurrency the most calls at a time
     * @param ?callable(Progress): mixed $onProgress called after each call that finishes. What it throws ends the bulk, as does what the
     *     iterable or a signal handler throws; BulkRows::of() has the rows of that exception
     * @param bool $stream whether the rows come one by one as they become known, in constant memory, see BulkRows
     * @param ?int $maxFailures once so many rows have failed, nothing more is sent; the other inputs have rows with a
     *     CancelledException and the outcome `not_sent`
     * @param float $outageTimeout seconds. While the server gives no response, the bulk pauses and probes it; after this time it
     *     gives up, and every further input has a row with a ConnectionException and the outcome `not_sent`. 0: it never pauses
     * @param float $cancelGrace how many seconds calls in flight may go on after BulkRows::rest()
     * @return ($stream is true ? BulkRows : list<BulkRow>)
     * @throws Exception\ConfigException where the concurrency is less than 1; failures of calls stand in their rows
     */
    public function createMany(
        iterable $records,
        int $concurrency = 8,
        ?callable $onProgress = null,
        bool $stream = false,
        ?int $maxFailures = null,
        float $outageTimeout = 300.0,
        float $cancelGrace = 5.0,
    ): array|BulkRows {
        $write = static fn (mixed $record): array => [null, self::fields($record)];
        return $this->bulk('create', $records, $write, [
            'concurrency' => $concurrency,
            'max_failures' => $maxFailures,
            'outage_timeout' => $outageTimeout,
            'cancel_grace' => $cancelGrace,
        ], $onProgress, $stream);
    }

    /**
     * Reads many records; a row's `record` is what was read. See createMany().
     *
     * @param iterable<int|string|Number> $ids
     * @param ?callable(Progress): mixed $onProgress
     * @return ($stream is true ? BulkRows : list<BulkRow>)
     */
    public function getMany(
        iterable $ids,
        int $concurrency = 8,
        ?callable $onProgress = null,
        bool $stream = false,
        ?int $maxFailures = null,
        float $outageTimeout = 300.0,
        float $cancelGrace = 5.0,
    ): array|BulkRows {
        $write = static fn (mixed $id): array => [self::sent($id), null];
        return $this->bulk('get', $ids, $write, [
            'concurrency' => $concurrency,
            'max_failures' => $maxFailures,
            'outage_timeout' => $outageTimeout,
            'cancel_grace' => $cancelGrace,
        ], $onProgress, $stream);
    }

    /**
     * Changes many records: `[[17, ['phone' => …]], [18, ['phone' => …]]]`. See createMany().
     *
     * @param iterable<array{int|string|Number, array<string, mixed>|object}> $changes pairs of an id and the fields that change
     * @param ?callable(Progress): mixed $onProgress
     * @return ($stream is true ? BulkRows : list<BulkRow>)
     */
    public function updateMany(
        iterable $changes,
        int $concurrency = 8,
        ?callable $onProgress = null,
        bool $stream = false,
        ?int $maxFailures = null,
        float $outageTimeout = 300.0,
        float $cancelGrace = 5.0,
    ): array|BulkRows {
        return $this->bulk('update', $changes, self::change(...), [
            'concurrency' => $concurrency,
            'max_failures' => $maxFailures,
            'outage_timeout' => $outageTimeout,
            'cancel_grace' => $cancelGrace,
        ], $onProgress, $stream);
    }

    /**
     * Deletes many records. See createMany().
     *
     * @param iterable<int|string|Number> $ids
     * @param ?callable(Progress): mixed $onProgress
     * @return ($stream is true ? BulkRows : list<BulkRow>)
     */
    public function deleteMany(
        iterable $ids,
        int $concurrency = 8,
        ?callable $onProgress = null,
        bool $stream = false,
        ?int $maxFailures = null,
        float $outageTimeout = 300.0,
        float $cancelGrace = 5.0,
    ): array|BulkRows {
        $write = static fn (mixed $id): array => [self::sent($id), null];
        return $this->bulk('delete', $ids, $write, [
            'concurrency' => $concurrency,
            'max_failures' => $maxFailures,
            'outage_timeout' => $outageTimeout,
            'cancel_grace' => $cancelGrace,
        ], $onProgress, $stream);
    }

    /**
     * @param iterable<mixed> $inputs
     * @param \Closure(mixed): array{?string, ?string} $write
     * @param array<string, int|float|null> $options
     * @param ?callable(Progress): mixed $onProgress
     * @return BulkRows|list<BulkRow>
     */
    private function bulk(
        string $action,
        iterable $inputs,
        \Closure $write,
        array $options,
        ?callable $onProgress,
        bool $stream,
    ): array|BulkRows {
        $options = Json::object($options, 'bulk');
        $handle = $this->connection->begin('egito_bulk_new', 'egito_bulk', $this->name, $action, $options);
        if (!$stream) {
            $this->connection->native->keepAllRows($handle);
        }
        $rows = new BulkRows(new Bulk($this->connection, $handle, $inputs, $write, $onProgress));
        return $stream ? $rows : $rows->all();
    }

    /** @return array{string, string} */
    private static function change(mixed $change): array
    {
        return is_array($change) && array_is_list($change) && count($change) === 2
            ? [self::sent($change[0]), self::fields($change[1])]
            : throw Exception\ConfigException::about('id', 'a change is a pair of an id and the fields that change');
    }

    /** A record as JSON. */
    private static function fields(mixed $record): string
    {
        if (!is_array($record) && !is_object($record)) {
            $message = 'a record is an array or an object, not ' . get_debug_type($record);
            throw Exception\ConfigException::about('record', $message);
        }
        /** @var array<string, mixed>|object $record */
        return Json::object($record, 'record');
    }

    /** An id as JSON. Without strict types PHP would turn `true` into 1, and delete that record. */
    private static function sent(mixed $id): string
    {
        if (is_int($id)) {
            return (string) $id;
        }
        if (!is_string($id) && !$id instanceof Number) {
            $message = 'an id is an int or a text, not ' . get_debug_type($id) . '; nothing was sent';
            throw Exception\ConfigException::about('id', $message);
        }
        return Json::encode($id, 'id');
    }
}
