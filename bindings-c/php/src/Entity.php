<?php

declare(strict_types=1);

namespace Egito;

/** A kind of record, such as `Account`: creates, reads, changes, deletes and lists its records. */
final class Entity implements EntityInterface
{
    public readonly string $name;

    /** @internal Created by a Client. */
    public function __construct(private readonly Connection $connection, string $name)
    {
        $this->name = $connection->checkEntity($name);
    }

    /**
     * Returns the same entity for calls that return a Response: the result with HTTP status, headers and number of
     * attempts. For the pages of a list, use RecordList::withResponse(). The calls of a bulk keep no responses; their
     * events have the status.
     */
    public function withResponse(): EntityWithResponse
    {
        $connection = $this->connection->withResponse();
        return new EntityWithResponse($connection, new self($connection, $this->name), $this->name);
    }

    /**
     * Creates a record and returns its id. Retries only if the record was certainly not created.
     *
     * @param array<string, mixed>|object $record
     * @throws Exception\ValidationException with the field errors of the server
     * @throws Exception\OutcomeUnknownException if it may have been created (response lost, 5xx …), with the record
     *     that was sent
     */
    public function create(array|object $record): int|string
    {
        return Json::id($this->connection->call('egito_php_create', $this->name, Json::object($record, 'record')));
    }

    /**
     * Finds the record with the key of `$record`, or creates it. Call it again after any error: it creates no second
     * record with this key.
     *
     * Calls with the same key wait for each other: with a `token_store`, those of all processes that share it. The
     * whole call takes at most the setting `timeout`.
     *
     * @param array<string, mixed>|object $record
     * @param string|list<string> $key name of the field that identifies the record, such as a tax number or the number
     *     of a web form; `account.id` is a field of a reference. Several names are one key together
     * @param float $settle seconds to look for the record after a create of unknown outcome, since a slow server may
     *     store it late
     * @param string $lookup `filter` requests a list that is filtered by the key, `scan` reads the whole list, for a
     *     server that ignores the filter
     * @throws Exception\ConfigException if a field of the key is missing or empty, or if the server ignores the filter
     * @throws Exception\OutcomeUnknownException if the record may have been created, but was not found in time
     * @throws Exception\ValidationException with the field errors of the server
     */
    public function createOnce(
        array|object $record,
        string|array $key,
        float $settle = 10.0,
        string $lookup = 'filter',
    ): FoundOrCreated {
        $options = Json::object(['key' => $key, 'settle' => $settle, 'lookup' => $lookup], 'options');
        $record = Json::object($record, 'record');
        $found = $this->connection->call('egito_php_create_once', $this->name, $record, $options);
        return FoundOrCreated::fromJson($found);
    }

    /**
     * Finds the record with the key of `$record`. Creates it if there is none, or updates only the fields that differ.
     * Call it again after any error.
     *
     * Values are compared as servers store them: `" Żubr "` is `"Żubr"`, `""` is null, `7` is `"7"`, and a time in
     * another offset is the same time. A date without a time always counts as different. Nothing is written if several
     * records have the key.
     *
     * @param array<string, mixed>|object $record
     * @param string|list<string> $key as in createOnce(), like the other arguments
     * @throws Exception\ConfigException like createOnce()
     * @throws Exception\OutcomeUnknownException like createOnce()
     * @throws Exception\ValidationException with the field errors of the server
     */
    public function upsert(
        array|object $record,
        string|array $key,
        float $settle = 10.0,
        string $lookup = 'filter',
    ): Upserted {
        $options = Json::object(['key' => $key, 'settle' => $settle, 'lookup' => $lookup], 'options');
        $record = Json::object($record, 'record');
        return Upserted::fromJson($this->connection->call('egito_php_upsert', $this->name, $record, $options));
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
        return $this->connection->get($this->name, self::encodeId($id));
    }

    /**
     * Changes the given fields of a record and returns its id.
     *
     * @param int|string|Number $id
     * @param array<string, mixed>|object $fields
     * @throws Exception\ValidationException with the field errors of the server
     * @throws Exception\NotFoundException
     */
    public function update(mixed $id, array|object $fields): int|string
    {
        $fields = Json::object($fields, 'record');
        return Json::id($this->connection->call('egito_php_update', $this->name, self::encodeId($id), $fields));
    }

    /**
     * Deletes a record and returns its id.
     *
     * @param int|string|Number $id
     * @throws Exception\NotFoundException
     */
    public function delete(mixed $id): int|string
    {
        return Json::id($this->connection->call('egito_php_delete', $this->name, self::encodeId($id)));
    }

    /**
     * Returns the entity's records as a lazy list: nothing is sent until it is read.
     *
     * @param array<string, mixed> $filters names and values, sent to the server unchanged; a list of values matches any
     *     of them. An empty value (null, '', an empty list) is refused: a server may ignore it and send every record
     * @param ?string $order `asc` or `desc`
     * @param ?int $pageSize number of records per request, instead of the setting `page_size`
     * @param ?int $limit maximum number of records; 0 is an empty list
     * @param int $start number of records of the server's list to skip
     * @param mixed ...$unknown any other name is refused, with a suggestion
     * @throws Exception\ConfigException for an unknown or invalid option, when the list is read
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
        $options = [...array_filter($options, static fn (mixed $option): bool => $option !== null), ...$unknown];
        return new RecordList($this->connection, 'egito_list', [$this->name, Json::object($options, 'list')]);
    }

    /**
     * Returns the records that were created or changed since an earlier list of changes, the newest first, as a lazy
     * list. Its mark() is `$since` of the next one. None is missed, and none comes twice with the same content.
     *
     * @param ?string $since mark of the earlier list; null: all records
     * @param string $by field by which changes are recognized: the server sets it to the time of each change
     * @param float $lag for how many seconds the server may commit a change after its time
     * @param array<string, mixed> $filters as in list()
     * @param ?int $pageSize number of records per request, instead of the setting `page_size`
     * @throws Exception\ConfigException for an invalid option or mark, when the list is read
     * @throws Exception\PaginationException if the server does not sort by the field, when the list is read
     */
    public function changes(
        ?string $since = null,
        string $by = 'lastUpdated',
        float $lag = 300.0,
        array $filters = [],
        ?int $pageSize = null,
    ): RecordList {
        $options = ['filters' => (object) $filters, 'changes' => compact('since', 'by', 'lag')];
        $options += $pageSize === null ? [] : ['page_size' => $pageSize];
        $arguments = [$this->name, Json::object($options, 'list')];
        return new RecordList($this->connection, 'egito_list', $arguments, hasMark: true);
    }

    /**
     * Returns the ids of all records. The server sends whole records, of which nothing is kept.
     *
     * @return list<int|string>
     */
    public function ids(): array
    {
        return self::decodeIds($this->connection->call('egito_php_ids', $this->name));
    }

    /**
     * Returns those of the given ids whose records do not exist any more, each once, in the given order. A record that
     * still exists is never returned, even if the list changes meanwhile.
     *
     * @param iterable<int|string|Number> $knownIds not those of records that were created in the last seconds: a server
     *     may not find them yet
     * @return list<int|string>
     */
    public function deleted(iterable $knownIds): array
    {
        $known = [];
        foreach ($knownIds as $id) {
            $known[] = self::encodeId($id);
        }
        $known = '[' . implode(',', $known) . ']';
        return self::decodeIds($this->connection->call('egito_php_deleted', $this->name, $known));
    }

    /**
     * Calls a custom action of the API and returns its response, which may be any JSON value. Like a create, it is
     * retried only if it is certain that it was not done.
     *
     * @param array<string, mixed>|object $params
     * @param string $method `POST`, or `GET` or `DELETE`, which send the parameters in the query
     * @throws Exception\OutcomeUnknownException if it may have been done (response lost, 5xx …)
     */
    public function call(string $action, array|object $params = [], string $method = 'POST'): mixed
    {
        return $this->connection->decode($this->connection->call(
            'egito_php_call_action',
            $this->name,
            Native::withoutNul('action', $action),
            Json::object($params, 'params'),
            Native::withoutNul('method', $method),
        ));
    }

    /**
     * Creates many records, several calls at a time, and returns one row per record, in order. A record that fails does
     * not stop the others. The iterable is read while there is room for more calls.
     *
     * An exception of the iterable, of a signal handler or of `onProgress` ends the bulk; BulkRows::of() returns the
     * rows until then.
     *
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string>|null $key as in createOnce(): a record whose create has an unknown outcome is looked
     *     for, for `$settle` seconds. Two records with one key: the second one is a row with a ConfigException
     * @return list<BulkRow>
     * @throws Exception\ConfigException for an invalid option; a call that fails is a row with its error
     */
    public function createMany(
        iterable $records,
        BulkOptions $options = new BulkOptions(),
        string|array|null $key = null,
        float $settle = 10.0,
    ): array {
        $keyOptions = $key === null ? [] : ['key' => $key, 'settle' => $settle];
        return $this->allRows('create', $records, self::encodeRecord(...), $options, $keyOptions);
    }

    /**
     * Creates many records like createMany(), and returns the rows one by one as they become known, in constant memory.
     *
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string>|null $key as in createMany(), like `$settle`
     */
    public function streamCreateMany(
        iterable $records,
        BulkOptions $options = new BulkOptions(),
        string|array|null $key = null,
        float $settle = 10.0,
    ): BulkRows {
        $keyOptions = $key === null ? [] : ['key' => $key, 'settle' => $settle];
        return $this->stream('create', $records, self::encodeRecord(...), $options, $keyOptions);
    }

    /**
     * Creates records, updates the fields that differ, or leaves records unchanged: upsert() for many records. The
     * rows have a `change`. Two records with one key: the second one is a row with a ConfigException. See createMany().
     *
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string> $key as in createOnce(), like `$settle`
     * @param string $lookup `filter` requests a filtered list for each record, `scan` reads the whole list once; `auto`
     *     begins with filters, and scans if that is cheaper or the server ignores the filter
     * @return list<BulkRow>
     */
    public function upsertMany(
        iterable $records,
        string|array $key,
        BulkOptions $options = new BulkOptions(),
        float $settle = 10.0,
        string $lookup = 'auto',
    ): array {
        $keyOptions = ['key' => $key, 'settle' => $settle, 'lookup' => $lookup];
        return $this->allRows('upsert', $records, self::encodeRecord(...), $options, $keyOptions);
    }

    /**
     * Upserts many records like upsertMany(), and returns the rows one by one. See streamCreateMany().
     *
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string> $key as in upsertMany(), like the other arguments
     */
    public function streamUpsertMany(
        iterable $records,
        string|array $key,
        BulkOptions $options = new BulkOptions(),
        float $settle = 10.0,
        string $lookup = 'auto',
    ): BulkRows {
        $keyOptions = ['key' => $key, 'settle' => $settle, 'lookup' => $lookup];
        return $this->stream('upsert', $records, self::encodeRecord(...), $options, $keyOptions);
    }

    /**
     * Returns the rows that upsertMany() would return, and writes nothing. The `record` of a row is what would be
     * written: the whole record, or the fields that differ.
     *
     * @param iterable<array<string, mixed>|object> $records
     * @param string|list<string> $key as in upsertMany(), like `$lookup`
     * @return list<BulkRow>
     */
    public function planUpsert(
        iterable $records,
        string|array $key,
        BulkOptions $options = new BulkOptions(),
        string $lookup = 'auto',
    ): array {
        $keyOptions = ['key' => $key, 'lookup' => $lookup];
        return $this->allRows('plan_upsert', $records, self::encodeRecord(...), $options, $keyOptions);
    }

    /**
     * Does what the rows of planUpsert() say. A record that should be created is not created if there is one with its
     * key by now. A row of the plan that has an error is a row with a ConfigException.
     *
     * @param iterable<BulkRow> $plan
     * @param string|list<string> $key as in upsertMany(), like the other arguments
     * @return list<BulkRow>
     */
    public function applyUpsert(
        iterable $plan,
        string|array $key,
        BulkOptions $options = new BulkOptions(),
        float $settle = 10.0,
        string $lookup = 'auto',
    ): array {
        $keyOptions = ['key' => $key, 'settle' => $settle, 'lookup' => $lookup];
        return $this->allRows('apply_upsert', $plan, self::encodePlanned(...), $options, $keyOptions);
    }

    /**
     * Reads many records; `record` of a row is the record. See createMany().
     *
     * @param iterable<int|string|Number> $ids
     * @return list<BulkRow>
     */
    public function getMany(iterable $ids, BulkOptions $options = new BulkOptions()): array
    {
        return $this->allRows('get', $ids, self::encodeOnlyId(...), $options);
    }

    /**
     * Reads many records and returns the rows one by one. See streamCreateMany().
     *
     * @param iterable<int|string|Number> $ids
     */
    public function streamGetMany(iterable $ids, BulkOptions $options = new BulkOptions()): BulkRows
    {
        return $this->stream('get', $ids, self::encodeOnlyId(...), $options);
    }

    /**
     * Changes many records: `[[17, ['phone' => …]], [18, ['phone' => …]]]`. See createMany().
     *
     * @param iterable<array{int|string|Number, array<string, mixed>|object}> $changes pairs of an id and the fields to
     *     change
     * @return list<BulkRow>
     */
    public function updateMany(iterable $changes, BulkOptions $options = new BulkOptions()): array
    {
        return $this->allRows('update', $changes, self::encodeChange(...), $options);
    }

    /**
     * Changes many records and returns the rows one by one. See streamCreateMany().
     *
     * @param iterable<array{int|string|Number, array<string, mixed>|object}> $changes pairs of an id and the fields to
     *     change
     */
    public function streamUpdateMany(iterable $changes, BulkOptions $options = new BulkOptions()): BulkRows
    {
        return $this->stream('update', $changes, self::encodeChange(...), $options);
    }

    /**
     * Deletes many records. See createMany().
     *
     * @param iterable<int|string|Number> $ids
     * @return list<BulkRow>
     */
    public function deleteMany(iterable $ids, BulkOptions $options = new BulkOptions()): array
    {
        return $this->allRows('delete', $ids, self::encodeOnlyId(...), $options);
    }

    /**
     * Deletes many records and returns the rows one by one. See streamCreateMany().
     *
     * @param iterable<int|string|Number> $ids
     */
    public function streamDeleteMany(iterable $ids, BulkOptions $options = new BulkOptions()): BulkRows
    {
        return $this->stream('delete', $ids, self::encodeOnlyId(...), $options);
    }

    /**
     * @param iterable<mixed> $inputs
     * @param \Closure(mixed): array{0: ?string, 1: ?string, 2?: ?string} $encode
     * @param array<string, mixed> $keyOptions
     * @return list<BulkRow>
     */
    private function allRows(
        string $action,
        iterable $inputs,
        \Closure $encode,
        BulkOptions $options,
        array $keyOptions = [],
    ): array {
        $handle = $this->beginBulk($action, $options, $keyOptions);
        $this->connection->native->keepAllRows($handle);
        return (new BulkRows(new Bulk($this->connection, $handle, $inputs, $encode, $options->onProgress)))->all();
    }

    /**
     * @param iterable<mixed> $inputs
     * @param \Closure(mixed): array{0: ?string, 1: ?string, 2?: ?string} $encode
     * @param array<string, mixed> $keyOptions
     */
    private function stream(
        string $action,
        iterable $inputs,
        \Closure $encode,
        BulkOptions $options,
        array $keyOptions = [],
    ): BulkRows {
        $handle = $this->beginBulk($action, $options, $keyOptions);
        return new BulkRows(new Bulk($this->connection, $handle, $inputs, $encode, $options->onProgress));
    }

    /** @param array<string, mixed> $keyOptions */
    private function beginBulk(string $action, BulkOptions $options, array $keyOptions): Handle
    {
        $json = $options->toJson($keyOptions);
        return $this->connection->begin('egito_bulk_new', 'egito_bulk', $this->name, $action, $json);
    }

    /** @return array{null, string} */
    private static function encodeRecord(mixed $record): array
    {
        return [null, self::encodeFields($record)];
    }

    /** @return array{string, null} */
    private static function encodeOnlyId(mixed $id): array
    {
        return [self::encodeId($id), null];
    }

    /** @return array{string, string} */
    private static function encodeChange(mixed $change): array
    {
        if (!is_array($change) || !array_is_list($change) || count($change) !== 2) {
            $message = 'invalid change: expected a pair of an id and the fields to change';
            throw Exception\ConfigException::about('id', $message);
        }
        return [self::encodeId($change[0]), self::encodeFields($change[1])];
    }

    /**
     * Encodes a row of a plan, or an array of its properties that was stored as JSON.
     *
     * @return array{?string, ?string, ?string, ?string}
     */
    private static function encodePlanned(mixed $row): array
    {
        $row = $row instanceof BulkRow ? get_object_vars($row) : $row;
        if (!is_array($row)) {
            $message = 'invalid row: expected a row of planUpsert() or an array of it, got ' . get_debug_type($row);
            throw Exception\ConfigException::about('change', $message);
        }
        $change = $row['change'] ?? null;
        return [
            isset($row['id']) ? self::encodeId($row['id']) : null,
            self::encodePlannedRecord($row['record'] ?? null, $row['recordJson'] ?? null),
            $change instanceof Change ? $change->value : $change,
            $row['plannedFor'] ?? null,
        ];
    }

    /**
     * Encodes the record of a row. Its JSON has all digits, but is older than the record if a stored row was edited.
     */
    private static function encodePlannedRecord(mixed $record, ?string $json): ?string
    {
        if ($record === null) {
            return $json;
        }
        $plain = static fn (string $text): string => json_encode(json_decode($text, is_array($record))) ?: '';
        $given = self::encodeFields($record);
        return $json !== null && $plain($json) === $plain($given) ? $json : $given;
    }

    private static function encodeFields(mixed $record): string
    {
        if (!is_array($record) && !is_object($record)) {
            $message = 'invalid record: expected an array or an object, got ' . get_debug_type($record);
            throw Exception\ConfigException::about('record', $message);
        }
        /** @var array<string, mixed>|object $record */
        return Json::object($record, 'record');
    }

    /** @return list<int|string> */
    private static function decodeIds(string $json): array
    {
        /** @var list<int|string> $ids the library returns only these */
        $ids = Json::decode($json);
        return $ids;
    }

    /** @internal Checks the type itself: without strict types PHP would turn `true` into 1, and delete that record. */
    public static function encodeId(mixed $id): string
    {
        if (is_int($id)) {
            return (string) $id;
        }
        if (!is_string($id) && !$id instanceof Number) {
            $message = 'invalid id: expected an int or a string, got ' . get_debug_type($id) . '; nothing was sent';
            throw Exception\ConfigException::about('id', $message);
        }
        return Json::encode($id, 'id');
    }
}
