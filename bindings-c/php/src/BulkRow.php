<?php

declare(strict_types=1);

namespace Egito;

/**
 * What became of one input of a bulk.
 *
 *     foreach ($client->contacts()->createMany($records) as $row) {
 *         echo $row->index, ' ', $row->ok ? $row->id : $row->error->getMessage(), "\n";
 *     }
 */
final class BulkRow
{
    /** Whether it worked: then there is no error. */
    public readonly bool $ok;

    /**
     * @internal Made by a bulk.
     * @param int $index the input's place, from 0; rows come in this order
     * @param mixed $input what was handed over
     * @param int|string|null $id of the record; null where it failed
     * @param ?array<string, mixed> $record that was read (getMany only)
     * @param ?EgitoException $error why it failed; `outcome` says what is known about the server's state
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
