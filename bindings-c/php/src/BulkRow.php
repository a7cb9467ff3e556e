<?php

declare(strict_types=1);

namespace Egito;

/**
 * The result of one input of a bulk.
 *
 *     foreach ($client->contacts()->createMany($records) as $row) {
 *         echo $row->index, ' ', $row->ok ? $row->id : $row->error->getMessage(), "\n";
 *     }
 */
final class BulkRow
{
    /** Whether the call succeeded: then `error` is null. */
    public readonly bool $ok;

    /**
     * @internal Created by a bulk.
     * @param int $index position of the input, from 0; rows come in this order
     * @param mixed $input the input itself
     * @param int|string|null $id id of the record; null if the call failed
     * @param ?array<string, mixed> $record the record that was read, or what would be written (planUpsert())
     * @param ?EgitoException $error why the call failed; `outcome` says what is known about the server's state
     * @param ?Change $change what an upsert did, or would do
     * @param list<string> $fields names of the fields that an upsert updated, or would update
     * @param list<int|string> $duplicates ids of all records with the key if there are several, the oldest first
     * @param bool $resumed whether the call was made by an earlier run, whose journal has this result
     * @param ?string $recordJson `record` for applyUpsert(), with all digits of its numbers
     * @param ?string $plannedFor entity and key of a plan, such as `Account(nip)`: it is only applied to these
     */
    public function __construct(
        public readonly int $index,
        public readonly mixed $input,
        public readonly int|string|null $id,
        public readonly ?array $record,
        public readonly ?EgitoException $error,
        public readonly ?Change $change = null,
        public readonly array $fields = [],
        public readonly array $duplicates = [],
        public readonly bool $resumed = false,
        public readonly ?string $recordJson = null,
        public readonly ?string $plannedFor = null,
    ) {
        $this->ok = $error === null;
    }
}
