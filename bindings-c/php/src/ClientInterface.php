<?php

declare(strict_types=1);

namespace Egito;

/**
 * The methods of a Client: for code that takes one, and for tests that replace it.
 *
 * @phpstan-import-type CallSettings from Settings
 */
interface ClientInterface
{
    public function accounts(): EntityInterface;

    public function contacts(): EntityInterface;

    public function opportunities(): EntityInterface;

    public function leads(): EntityInterface;

    public function entity(string $name): EntityInterface;

    public function dictionary(string $type): RecordListInterface;

    /** @param array<string, mixed>|object $params */
    public function call(string $entity, string $action, array|object $params = [], string $method = 'POST'): mixed;

    public function outbox(
        string $path,
        float $keepDays = 30.0,
        int $concurrency = 8,
        ?string $lookup = null,
    ): OutboxInterface;

    /**
     * @param array<string, mixed> $options
     * @phpstan-param CallSettings $options
     */
    public function withOptions(array $options): self;

    /** @param ?callable(array<string, mixed>): mixed $listener */
    public function onEvent(?callable $listener): void;

    public function setLogger(?object $logger): void;

    /**
     * @param ?list<string> $entities
     * @param array<string, mixed>|object|null $record
     */
    public function probe(
        ?array $entities = null,
        ?string $write = null,
        array|object|null $record = null,
        float $timeout = 120.0,
    ): ProbeReport;

    public function stats(): Stats;

    public function close(): void;
}
