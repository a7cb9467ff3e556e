<?php

declare(strict_types=1);

namespace Egito;

/**
 * A record that upsert() created, updated or left unchanged.
 *
 *     $account = $client->accounts()->upsert(['nip' => '5250001009', 'name' => 'Żubr', 'city' => 'Łódź'], 'nip');
 *     echo $account->id, ' ', $account->change->value, ' ', implode(', ', $account->fields), "\n";
 */
final class Upserted
{
    /**
     * @param int|string $id id of the record; the oldest one if several records have the key
     * @param Change $change how the stored record changed
     * @param list<string> $fields names of the updated fields
     * @param list<int|string> $duplicates ids of all records with the key if there are several, the oldest first
     */
    public function __construct(
        public readonly int|string $id,
        public readonly Change $change,
        public readonly array $fields = [],
        public readonly array $duplicates = [],
    ) {
    }

    /** @internal Reads the result of the library. */
    public static function fromJson(string $json): self
    {
        /** @var array{id: int|string, change: string, fields: list<string>, duplicates: list<int|string>} $upserted */
        $upserted = Json::decode($json);
        $change = Change::from($upserted['change']);
        return new self($upserted['id'], $change, $upserted['fields'], $upserted['duplicates']);
    }
}
