<?php

declare(strict_types=1);

namespace Egito;

/** An entry of an outbox: one write that was stored, and is sent once. */
final class OutboxEntry
{
    /**
     * @param string $action `create`, `upsert`, `update` or `delete`
     * @param list<string> $key names of the fields; empty for an update and a delete
     * @param int|string|null $recordId id of the record; of a create or upsert, once it is delivered
     * @param ?array<string, mixed> $record the record or the fields to be sent; null for a delete
     * @param int $attempts how often it was sent, or may have been sent
     * @param ?EgitoException $error error of the last attempt
     * @param ?\DateTimeImmutable $nextAttemptAt when it may be sent next, if it waits
     */
    public function __construct(
        public readonly int $id,
        public readonly string $entity,
        public readonly string $action,
        public readonly EntryState $state,
        public readonly array $key,
        public readonly int|string|null $recordId,
        public readonly ?array $record,
        public readonly int $attempts,
        public readonly ?EgitoException $error,
        public readonly \DateTimeImmutable $createdAt,
        public readonly ?\DateTimeImmutable $nextAttemptAt,
        public readonly ?\DateTimeImmutable $deliveredAt,
    ) {
    }

    /**
     * @internal Reads an entry of the library.
     * @param array<string, mixed> $entry
     */
    public static function of(Connection $connection, array $entry): self
    {
        $time = static fn (mixed $text) => is_string($text) ? new \DateTimeImmutable($text) : null;
        /** @var array{id: int, entity: string, action: string, state: string, key: list<string>, attempts: int} $entry */
        $id = $entry['record_id'] ?? null;
        $record = $entry['record'] ?? null;
        $error = $entry['error'] ?? null;
        /** @var ?array<string, mixed> $fields */
        $fields = $record instanceof \ArrayObject ? $record->getArrayCopy() : $record;
        return new self(
            $entry['id'],
            $entry['entity'],
            $entry['action'],
            EntryState::from($entry['state']),
            $entry['key'],
            is_int($id) || is_string($id) || $id === null ? $id : Json::id(Json::encode($id)),
            $fields,
            $entry['attempts'],
            $error === null ? null : $connection->exception(Json::encode($error)),
            $time($entry['created_at'] ?? null) ?? new \DateTimeImmutable('@0'),
            $time($entry['next_attempt_at'] ?? null),
            $time($entry['delivered_at'] ?? null),
        );
    }
}
