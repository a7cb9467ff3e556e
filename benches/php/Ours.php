<?php

/** The SDK, as a program uses it. */

declare(strict_types=1);

require __DIR__ . '/../../bindings-c/php/autoload.php';

final class Ours
{
    private readonly Egito\Entity $accounts;

    /** @param array<string, string> $settings */
    public function __construct(array $settings)
    {
        $library = getenv('BENCH_TARGET') . '/release/libegito.so';
        $this->accounts = (new Egito\Client($settings + ['library' => $library]))->accounts();
    }

    /** @return array<string, mixed> */
    public function get(int $id): array
    {
        return $this->accounts->get($id);
    }

    /** @param array<string, mixed> $record */
    public function create(array $record): int|string
    {
        return $this->accounts->create($record);
    }

    /** @return list<array<string, mixed>> */
    public function all(int $page): array
    {
        return $this->accounts->list(pageSize: $page)->toArray();
    }
}
