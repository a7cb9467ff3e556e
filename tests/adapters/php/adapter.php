<?php

/** The adapter through which the suite plays the PHP client: reads JSON lines, writes replies. See tests/README.md. */

declare(strict_types=1);

require __DIR__ . '/../../../bindings-c/php/autoload.php';
require __DIR__ . '/../../../bindings-c/php/tests/panic.php';

use Egito\BulkOptions;
use Egito\BulkRow;
use Egito\BulkRows;
use Egito\Client;
use Egito\EgitoException;
use Egito\Entity;
use Egito\EntryState;
use Egito\Json;
use Egito\Outbox;
use Egito\OutboxEntry;
use Egito\Progress;
use Egito\RecordList;
use Egito\Response;

final class Adapter
{
    private const ARGUMENTS = [
        'create' => ['entity', 'record', 'shortcut', 'with_response'],
        'create_once' => ['entity', 'record', 'key', 'settle_ms', 'lookup', 'shortcut'],
        'upsert' => ['entity', 'record', 'key', 'settle_ms', 'lookup', 'shortcut'],
        'get' => ['entity', 'id', 'shortcut', 'with_response'],
        'update' => ['entity', 'id', 'record', 'shortcut', 'with_response'],
        'delete' => ['entity', 'id', 'shortcut', 'with_response'],
        'list' => ['take', 'delete', ...self::LIST],
        'pages' => ['take', 'with_response', ...self::LIST],
        'first' => self::LIST,
        'exists' => self::LIST,
        'total' => self::LIST,
        'count' => self::LIST,
        'dictionary' => ['type'],
        'call' => ['entity', 'action', 'params', 'method', 'shortcut', 'with_response'],
        'create_many' => ['key', 'settle_ms', ...self::BULK],
        'get_many' => self::BULK,
        'update_many' => self::BULK,
        'delete_many' => self::BULK,
        'upsert_many' => ['key', 'settle_ms', 'lookup', ...self::BULK],
        'plan_upsert' => ['key', 'lookup', 'apply', 'apply_to', ...self::BULK],
        'changes' => ['entity', 'since', 'by', 'lag_ms', 'filters', 'page_size'],
        'ids' => ['entity'],
        'deleted' => ['entity', 'ids'],
        'outbox' => ['path', 'steps'],
        'stats' => [],
        'panic' => [],
    ];

    private const LIST = ['entity', 'filters', 'sort', 'order', 'page_size', 'limit', 'start', 'shortcut'];

    private const BULK = [
        'entity', 'inputs', 'concurrency', 'max_failures', 'outage_timeout', 'cancel_grace', 'stop_after', 'rest',
        'cancel_after', 'close_after', 'journal', 'shortcut',
    ];

    /** @var array<string, Client> */
    private array $clients = [];

    /** @var array<string, ArrayObject<int, array<string, mixed>>> events of the clients whose case asks for them */
    private array $events = [];

    public function serve(): void
    {
        $this->send(['hello' => [
            'adapter' => 'php',
            'language' => 'PHP ' . PHP_VERSION,
            'version' => Client::VERSION,
            'protocol' => 1,
            'codes' => array_map(self::shortName(...), Client::errorClasses()),
        ]]);
        while (($line = fgets(STDIN)) !== false) {
            $command = Json::decode($line, exact: true, decimals: true);
            $this->send(['seq' => $command['seq']] + $this->reply($command));
        }
    }

    /** @param array<string, mixed> $command */
    private function reply(array $command): array
    {
        try {
            return match ($command['do']) {
                'open' => $this->open($command['client'], (array) $command['settings'], $command['events'] ?? false),
                'call' => $command['method'] === 'events'
                    ? ['result' => $this->events[$command['client']]->getArrayCopy()]
                    : $this->call($this->clients[$command['client']], $command['method'], (array) $command['args']),
                'close' => $this->close($command['client']),
                'parallel' => ['skipped' => 'PHP runs one call at a time: it has no threads'],
                default => ['unknown' => "do {$command['do']}"],
            };
        } catch (EgitoException $error) {
            return ['error' => self::details($error)];
        } catch (Throwable $other) {
            return ['crashed' => $other::class . ": {$other->getMessage()}"];
        }
    }

    /** @param array<string, mixed> $settings */
    private function open(string $name, array $settings, bool $events): array
    {
        $this->clients[$name] = new Client($settings + ['exact' => true]);
        if ($events) {
            $this->events[$name] = new ArrayObject();
            $this->clients[$name]->onEvent($this->events[$name]->append(...));
        }
        return ['result' => null];
    }

    private function close(string $name): array
    {
        $this->clients[$name]->close();
        return ['result' => null];
    }

    /** @param array<string, mixed> $args */
    private function call(Client $client, string $method, array $args): array
    {
        if (!isset(self::ARGUMENTS[$method])) {
            return ['unknown' => "method $method"];
        }
        foreach (array_diff(array_keys($args), self::ARGUMENTS[$method]) as $unknown) {
            return ['unknown' => "argument $unknown of $method"];
        }
        if (array_key_exists('record', $args) && !is_iterable($args['record'])) {
            return ['skipped' => 'the types of PHP forbid such a record'];
        }
        if (isset($args['cancel_after'])) {
            return ['skipped' => 'only rest() cancels a bulk of PHP'];
        }
        return ['result' => match ($method) {
            'dictionary' => $client->dictionary($args['type'])->toArray(),
            'stats' => self::stats($client),
            'panic' => Egito\Tests\panicInLibrary($client),
            'create_many', 'get_many', 'update_many', 'delete_many', 'upsert_many',
            'plan_upsert' => self::bulk($client, $method, $args),
            'outbox' => self::outbox($client, $args),
            default => self::entityCall(self::entity($client, $args), $method, $args),
        }];
    }

    /** @param array<string, mixed> $args */
    private static function entityCall(Entity $entity, string $method, array $args): mixed
    {
        if (isset($args['with_response'])) {
            return self::callWithResponse($entity, $method, $args);
        }
        return match ($method) {
            'create' => $entity->create($args['record']),
            'create_once' => self::createOnce($entity, $args),
            'upsert' => self::upsert($entity, $args),
            'changes' => self::changes($entity, $args),
            'ids' => $entity->ids(),
            'deleted' => $entity->deleted($args['ids']),
            'get' => $entity->get($args['id']),
            'update' => $entity->update($args['id'], $args['record']),
            'delete' => $entity->delete($args['id']),
            'list' => isset($args['delete'])
                ? self::deleteAll($entity, $args)
                : self::take(self::records($entity, $args), $args),
            'pages' => self::take(self::records($entity, $args)->pages(), $args),
            'first', 'exists', 'total', 'count' => self::records($entity, $args)->$method(),
            'call' => $entity->call($args['action'], ...self::callArguments($args)),
        };
    }

    /** @param array<string, mixed> $args */
    private static function createOnce(Entity $entity, array $args): array
    {
        $found = $entity->createOnce($args['record'], ...self::keyArguments($args));
        return ['id' => $found->id, 'created' => $found->created, 'duplicates' => $found->duplicates];
    }

    /** @param array<string, mixed> $args */
    private static function upsert(Entity $entity, array $args): array
    {
        $upserted = $entity->upsert($args['record'], ...self::keyArguments($args));
        return ['change' => $upserted->change->value] + get_object_vars($upserted);
    }

    /**
     * @param array<string, mixed> $args
     * @return array<string, mixed>
     */
    private static function keyArguments(array $args): array
    {
        $options = array_intersect_key($args, ['key' => 0, 'lookup' => 0]);
        return isset($args['settle_ms']) ? $options + ['settle' => $args['settle_ms'] / 1000] : $options;
    }

    /**
     * Reads a list of changes and its mark.
     *
     * @param array<string, mixed> $args
     */
    private static function changes(Entity $entity, array $args): array
    {
        $options = array_intersect_key($args, ['since' => 0, 'by' => 0, 'filters' => 0]);
        $options += isset($args['lag_ms']) ? ['lag' => $args['lag_ms'] / 1000] : [];
        $options += isset($args['page_size']) ? ['pageSize' => $args['page_size']] : [];
        $changes = $entity->changes(...$options);
        return ['records' => $changes->toArray(), 'mark' => $changes->mark()];
    }

    /**
     * Opens an outbox, and does the steps. The error of a step takes the place of its result.
     *
     * @param array<string, mixed> $args
     */
    private static function outbox(Client $client, array $args): array
    {
        $outbox = $client->outbox($args['path']);
        return array_map(static function (array $step) use ($outbox): mixed {
            try {
                return self::outboxStep($outbox, $step);
            } catch (EgitoException $error) {
                return ['error' => self::details($error)];
            }
        }, $args['steps']);
    }

    /** @param array<string, mixed> $step */
    private static function outboxStep(Outbox $outbox, array $step): mixed
    {
        return match ($step['do']) {
            'put' => $outbox->put($step['entity'], $step['record'], $step['key']),
            'put_upsert' => $outbox->putUpsert($step['entity'], $step['record'], $step['key']),
            'put_update' => $outbox->putUpdate($step['entity'], $step['id'], $step['record']),
            'put_delete' => $outbox->putDelete($step['entity'], $step['id']),
            'deliver' => self::named(get_object_vars($outbox->deliver($step['limit'] ?? null))),
            'entries' => array_map(self::entry(...), $outbox->entries(
                isset($step['state']) ? EntryState::from($step['state']) : null,
                $step['limit'] ?? 100,
            )),
            'get' => self::entry($outbox->get($step['id'])),
            'counts' => $outbox->counts(),
            'retry' => $outbox->retry($step['id']),
            'edit' => $outbox->edit($step['id'], $step['record']),
            'discard' => $outbox->discard($step['id']),
        };
    }

    private static function entry(OutboxEntry $entry): array
    {
        return self::named(['state' => $entry->state->value] + get_object_vars($entry));
    }

    /**
     * Returns values with the names of the suite.
     *
     * @param array<string, mixed> $values
     */
    private static function named(array $values): array
    {
        $named = [];
        foreach ($values as $name => $value) {
            $name = strtolower((string) preg_replace('/[A-Z]/', '_$0', $name));
            $named[$name] = match (true) {
                $value instanceof EgitoException => self::details($value),
                $value instanceof DateTimeInterface => $value->format('Y-m-d\TH:i:s.v\Z'),
                default => $value,
            };
        }
        return $named;
    }

    /**
     * Makes a call that returns its response, or reads pages with theirs.
     *
     * @param array<string, mixed> $args
     */
    private static function callWithResponse(Entity $plain, string $method, array $args): array
    {
        $entity = $plain->withResponse();
        return match ($method) {
            'create' => self::response($entity->create($args['record'])),
            'get' => self::response($entity->get($args['id'])),
            'update' => self::response($entity->update($args['id'], $args['record'])),
            'delete' => self::response($entity->delete($args['id'])),
            'pages' => array_map(
                self::response(...),
                self::take(self::records($plain, $args)->withResponse()->pages(), $args),
            ),
            'call' => self::response($entity->call($args['action'], ...self::callArguments($args))),
        };
    }

    /**
     * @param array<string, mixed> $args
     * @return array<string, mixed>
     */
    private static function callArguments(array $args): array
    {
        return array_intersect_key($args, ['params' => 0, 'method' => 0]);
    }

    private static function response(Response $response): array
    {
        return [
            'value' => $response->value,
            'status' => $response->status,
            'headers' => $response->headers,
            'attempts' => $response->attempts,
            'call_id' => $response->callId,
            'elapsed' => $response->elapsed,
        ];
    }

    /** @param array<string, mixed> $args */
    private static function entity(Client $client, array $args): Entity
    {
        return match (isset($args['shortcut']) ? $args['entity'] : '') {
            'Account' => $client->accounts(),
            'Contact' => $client->contacts(),
            'Opportunity' => $client->opportunities(),
            'Lead' => $client->leads(),
            default => $client->entity($args['entity'] ?? ''),
        };
    }

    /** @param array<string, mixed> $args */
    private static function records(Entity $entity, array $args): RecordList
    {
        return $entity->list(
            filters: (array) ($args['filters'] ?? []),
            sort: $args['sort'] ?? null,
            order: $args['order'] ?? null,
            pageSize: $args['page_size'] ?? null,
            limit: $args['limit'] ?? null,
            start: $args['start'] ?? 0,
        );
    }

    /**
     * Reads a list and deletes each record before it reads the next one.
     *
     * @param array<string, mixed> $args
     * @return list<mixed>
     */
    private static function deleteAll(Entity $entity, array $args): array
    {
        $deleted = [];
        foreach (self::records($entity, $args) as $record) {
            $entity->delete($record['id']);
            $deleted[] = $record;
        }
        return $deleted;
    }

    /**
     * @param iterable<mixed> $items
     * @param array<string, mixed> $args
     * @return list<mixed>
     */
    private static function take(iterable $items, array $args): array
    {
        $taken = [];
        foreach ($items as $item) {
            $taken[] = $item;
            if (count($taken) === ($args['take'] ?? null)) {
                break;
            }
        }
        return $taken;
    }

    /**
     * Reads all rows, or streams them if the bulk is stopped early.
     *
     * @param array<string, mixed> $args
     */
    private static function bulk(Client $client, string $method, array $args): array
    {
        $progress = [];
        $onProgress = static function (Progress $now) use (&$progress): void {
            $progress[] = [$now->done, $now->failed];
        };
        $options = [];
        foreach (['concurrency', 'max_failures', 'outage_timeout', 'cancel_grace', 'journal'] as $option) {
            if (isset($args[$option])) {
                $value = $args[$option];
                $options[self::camelCase($option)] = $value instanceof Egito\Number ? (float) (string) $value : $value;
            }
        }
        $entity = self::entity($client, $args);
        $key = self::keyArguments($args);
        $allRows = [$entity, self::camelCase($method)];
        $streamRows = [$entity, self::camelCase("stream_$method")];
        if (isset($args['close_after'])) {
            $stream = $streamRows($args['inputs'], ...$key, options: new BulkOptions(...$options));
            return self::readAndClose($client, $stream, $args);
        }
        if (!isset($args['stop_after'])) {
            $plan = isset($args['apply'])
                ? $entity->planUpsert($args['inputs'], ...$key, options: new BulkOptions(...$options))
                : null;
            $withProgress = new BulkOptions(...$options, onProgress: $onProgress);
            $planned = $client->entity($args['apply_to'] ?? $args['entity']);
            $rows = $plan === null
                ? $allRows($args['inputs'], ...$key, options: $withProgress)
                : $planned->applyUpsert($plan, ...$key, options: $withProgress);
            return ['rows' => self::rows($rows, $args), 'progress' => $progress]
                + ($plan === null ? [] : ['plan' => self::rows($plan, $args)]);
        }
        $stream = $streamRows($args['inputs'], ...$key, options: new BulkOptions(...$options));
        $rows = $args['stop_after'] === 0 ? [] : self::take($stream, ['take' => $args['stop_after']]);
        $rows = isset($args['rest']) ? [...$rows, ...$stream->rest()] : $rows;
        return ['rows' => self::rows($rows, $args)];
    }

    private static function camelCase(string $name): string
    {
        return lcfirst(str_replace('_', '', ucwords($name, '_')));
    }

    /**
     * Reads all rows, and closes the client after the given number of them.
     *
     * @param array<string, mixed> $args
     */
    private static function readAndClose(Client $client, BulkRows $stream, array $args): array
    {
        [$rows, $closeAfter] = [[], $args['close_after']];
        $closeAfter > 0 || $client->close();
        foreach ($stream as $row) {
            $rows[] = $row;
            count($rows) !== $closeAfter || $client->close();
        }
        return ['rows' => self::rows($rows, $args), 'ended' => null];
    }

    /**
     * @param list<BulkRow> $rows
     * @param array<string, mixed> $args
     */
    private static function rows(array $rows, array $args): array
    {
        return array_map(static fn (BulkRow $row): array => self::row($row, $args), $rows);
    }

    /** @param array<string, mixed> $args */
    private static function row(BulkRow $row, array $args): array
    {
        $error = $row->error === null ? null : self::details($row->error);
        $parts = ['id' => $row->id, 'record' => $row->record, 'error' => $error];
        if (isset($args['journal'])) {
            $parts += ['resumed' => $row->resumed];
        }
        if (isset($args['key'])) {
            $parts += ['change' => $row->change?->value, 'fields' => $row->fields, 'duplicates' => $row->duplicates];
        }
        $input = $row->input instanceof BulkRow ? self::row($row->input, $args) : $row->input;
        return ['index' => $row->index, 'input' => $input] + $parts;
    }

    private static function stats(Client $client): array
    {
        $stats = $client->stats();
        return [
            'calls' => $stats->calls,
            'attempts' => $stats->attempts,
            'retries' => $stats->retries,
            'logins' => $stats->logins,
            'bytes_sent' => $stats->bytesSent,
            'bytes_received' => $stats->bytesReceived,
        ];
    }

    private static function details(EgitoException $error): array
    {
        return ['class' => self::shortName($error::class)] + $error->details();
    }

    /** @param array<string, mixed> $line */
    private function send(array $line): void
    {
        fwrite(STDOUT, Json::encode($line) . "\n");
    }

    private static function shortName(string $class): string
    {
        return substr($class, (int) strrpos($class, '\\') + 1);
    }
}

(new Adapter())->serve();
