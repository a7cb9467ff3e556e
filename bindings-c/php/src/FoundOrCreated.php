<?php

declare(strict_types=1);

namespace Egito;

/**
 * A record that createOnce() found or created.
 *
 *     $lead = $client->leads()->createOnce(['formKey' => $formKey, 'lastName' => 'Ryś'], 'formKey');
 *     echo $lead->created ? 'created' : 'found', ' ', $lead->id, "\n";
 */
final class FoundOrCreated
{
    /**
     * @param int|string $id id of the record; the oldest one if several records have the key
     * @param bool $created whether this call created the record
     * @param list<int|string> $duplicates ids of all records with the key if there are several, the oldest first
     */
    public function __construct(
        public readonly int|string $id,
        public readonly bool $created,
        public readonly array $duplicates = [],
    ) {
    }

    /** @internal Reads the result of the library. */
    public static function fromJson(string $json): self
    {
        /** @var array{id: int|string, created: bool, duplicates: list<int|string>} $found the library returns only these */
        $found = Json::decode($json);
        return new self($found['id'], $found['created'], $found['duplicates']);
    }
}
