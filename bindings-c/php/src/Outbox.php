<?php

declare(strict_types=1);

namespace Egito;

/**
 * Writes that are stored in a file first, and sent to the server later, once and in order.
 *
 *     $outbox = $client->outbox('/var/lib/shop/egito-outbox.db');
 *     $outbox->put('Lead', ['formKey' => $formKey, 'lastName' => 'Ryś'], key: 'formKey'); // in the request
 *     $outbox->deliver(); // in a cron job
 *
 * Any number of processes can use the same file at the same time, such as the workers of php-fpm and a cron job.
 */
final class Outbox implements OutboxInterface
{
    /** @internal Created by a Client. */
    public function __construct(private readonly Connection $connection, private readonly Handle $handle)
    {
    }

    /**
     * Stores a record to be created, and returns the id of its entry. The entry is on the disk then: it is delivered
     * even if the server is down, or the program fails now.
     *
     * Putting the same key again returns the id of the entry that is there, whatever its state.
     *
     * @param array<string, mixed>|object $record
     * @param string|list<string> $key as in Entity::createOnce(), like the other arguments
     * @throws Exception\ConfigException for an invalid argument; with the setting `outbox` if the file cannot be
     *     written: it is read-only, damaged, locked for long, or the disk is full
     */
    public function put(
        string $entity,
        array|object $record,
        string|array $key,
        float $settle = 10.0,
        string $lookup = 'filter',
    ): int {
        $options = Json::object(['key' => $key, 'settle' => $settle, 'lookup' => $lookup], 'options');
        return $this->store('egito_outbox_put', $entity, Json::object($record, 'record'), $options);
    }

    /**
     * Stores a record to be created or, if one with its key exists by then, to be updated. Every call stores an entry
     * of its own.
     *
     * @param array<string, mixed>|object $record
     * @param string|list<string> $key as in Entity::upsert(), like the other arguments
     * @throws Exception\ConfigException like put()
     */
    public function putUpsert(
        string $entity,
        array|object $record,
        string|array $key,
        float $settle = 10.0,
        string $lookup = 'filter',
    ): int {
        $options = Json::object(['key' => $key, 'settle' => $settle, 'lookup' => $lookup], 'options');
        return $this->store('egito_outbox_put_upsert', $entity, Json::object($record, 'record'), $options);
    }

    /**
     * Stores fields of a record to be updated.
     *
     * @param int|string|Number $id
     * @param array<string, mixed>|object $fields
     * @throws Exception\ConfigException like put()
     */
    public function putUpdate(string $entity, mixed $id, array|object $fields): int
    {
        $fields = Json::object($fields, 'record');
        return $this->store('egito_outbox_put_update', $entity, Entity::encodeId($id), $fields);
    }

    /**
     * Stores the id of a record to be deleted.
     *
     * @param int|string|Number $id
     * @throws Exception\ConfigException like put()
     */
    public function putDelete(string $entity, mixed $id): int
    {
        return $this->store('egito_outbox_put_delete', $entity, Entity::encodeId($id));
    }

    /**
     * Sends the entries that are due, and returns when none is due any more: for a cron job or a worker.
     *
     * An entry that may have been sent before is looked for by its key before it is sent again. While the server is
     * down, the outbox is paused: this returns at once, and the entries keep waiting. Several deliveries can run at the
     * same time, also in several processes.
     *
     * @param ?int $limit maximum number of entries to send; null: no limit
     * @throws Exception\ConfigException with the setting `outbox` if the file cannot be read or written; errors of
     *     entries are in the entries
     */
    public function deliver(?int $limit = null): Delivery
    {
        if ($limit !== null && $limit < 1) {
            $message = "invalid `limit`: expected at least 1, got $limit";
            throw Exception\ConfigException::about('limit', $message);
        }
        return Delivery::fromJson($this->connection, $this->connection->deliver($this->handle, $limit ?? 0));
    }

    /**
     * Returns entries in the order of their ids.
     *
     * @param ?EntryState $state null: all states
     * @param int $limit maximum number of entries
     * @param int $after id of an entry: only later ones are returned
     * @return list<OutboxEntry>
     */
    public function entries(?EntryState $state = null, int $limit = 100, int $after = 0): array
    {
        $query = ['limit' => $limit, 'after' => $after] + ($state === null ? [] : ['state' => $state->value]);
        /** @var list<array<string, mixed>> $entries the library returns only these */
        $entries = $this->connection->decode($this->text('egito_outbox_entries', Json::object($query, 'query')));
        return array_map(fn (array $entry) => OutboxEntry::of($this->connection, $entry), $entries);
    }

    /**
     * Returns one entry.
     *
     * @throws Exception\NotFoundException if there is none with this id
     */
    public function get(int $entryId): OutboxEntry
    {
        $entry = $this->connection->record($this->text('egito_outbox_get', $entryId));
        return OutboxEntry::of($this->connection, $entry);
    }

    /**
     * Returns the number of entries in each state.
     *
     * @return array{waiting: int, sending: int, refused: int, unclear: int, delivered: int}
     */
    public function counts(): array
    {
        /** @var array{waiting: int, sending: int, refused: int, unclear: int, delivered: int} $counts */
        $counts = Json::decode($this->text('egito_outbox_counts'));
        return $counts;
    }

    /**
     * Makes an entry due now, also one that the server refused. Also ends a pause of the outbox.
     *
     * @throws Exception\NotFoundException if there is none with this id
     * @throws Exception\ConfigException with the setting `id` if it is delivered or is sent just now
     */
    public function retry(int $entryId): void
    {
        $this->connection->native->run('egito_outbox_retry', $this->handle, $entryId);
    }

    /**
     * Replaces the record of an entry that is waiting or refused, and makes it due now. Its key must stay the same.
     *
     * @param array<string, mixed>|object $record
     * @throws Exception\NotFoundException if there is none with this id
     * @throws Exception\ConfigException with the setting `id` if it may be done or is a delete; with the setting
     *     `record` if the key differs
     */
    public function edit(int $entryId, array|object $record): void
    {
        $record = Json::object($record, 'record');
        $this->connection->native->run('egito_outbox_edit', $this->handle, $entryId, $record);
    }

    /**
     * Removes an entry that is not delivered. Nothing is sent; an entry that is unclear may have been done.
     *
     * @throws Exception\NotFoundException if there is none with this id
     * @throws Exception\ConfigException like retry()
     */
    public function discard(int $entryId): void
    {
        $this->connection->native->run('egito_outbox_discard', $this->handle, $entryId);
    }

    private function store(string $function, string $entity, string ...$arguments): int
    {
        $entity = Native::withoutNul('entity', $entity);
        return $this->connection->native->number($function, $this->handle, $entity, ...$arguments);
    }

    private function text(string $function, int|string ...$arguments): string
    {
        return $this->connection->native->text($function, $this->handle, ...$arguments) ?? 'null';
    }
}
