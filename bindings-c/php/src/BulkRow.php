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
     * @param ?array<string, mixed> $record the record that was read (getMany() only)
     * @param ?EgitoException $error why the call failed; `outcome` says what is known about the server's state
     */
    public function __construct(
        public readonly int $index,
        public readonly mixed $input,
        public readonly int|string|null $id,
        public readonly ?array $record,
        public readonly ?EgitoException $error,
    ) {
        $this->ok = $error === null;
    }
}
