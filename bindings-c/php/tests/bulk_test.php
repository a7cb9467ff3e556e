<?php

/** Bulks: a row for each input, in order, whatever becomes of the others; and what a client counts. */

declare(strict_types=1);

use Egito\BulkRow;
use Egito\Exception;
use Egito\Outcome;
use Egito\Progress;

$column = static fn (array $rows, string $name): array => array_map(static fn (BulkRow $row): mixed => $row->$name, $rows);
$requests = static fn (Sandbox $sandbox, string $action): int => count($sandbox->control('GET', "journal?action=$action"));

return [
    'every input has its row, in order' => static function (Sandbox $sandbox) use ($column): void {
        $records = array_map(static fn (int $i): array => ['name' => "Firma $i"], range(1, 30));
        $rows = $sandbox->client()->accounts()->createMany($records);
        same([range(0, 29), $records], [$column($rows, 'index'), $column($rows, 'input')]);
        same(30, count(array_unique($column($rows, 'id'))));
        same([true], array_unique($column($rows, 'ok')));
        $read = $sandbox->client()->accounts()->getMany($column($rows, 'id'));
        same(array_column($records, 'name'), array_column($column($read, 'record'), 'name'));
    },
    'one that fails does not stop the others' => static function (Sandbox $sandbox) use ($column): void {
        $records = [['name' => 'a'], ['city' => 'Łódź'], ['name' => "\xff"], 7, ['name' => 'b']];
        $rows = $sandbox->client()->accounts()->createMany($records);
        same([true, false, false, false, true], $column($rows, 'ok'));
        $classes = array_map(static fn (BulkRow $row): string => $row->error === null ? '' : $row->error::class, $rows);
        same(['', Exception\ValidationException::class, Exception\ConfigException::class, Exception\ConfigException::class, ''], $classes);
        same([Outcome::Rejected, 'name'], [$rows[1]->error->outcome, $rows[1]->error->errors[0]->field]);
        contains('`record.name` is not valid UTF-8', $rows[2]->error->getMessage());
        same([$records, null, null], [$column($rows, 'input'), $rows[1]->id, $rows[1]->record]);
    },
    'records are changed and deleted' => static function (Sandbox $sandbox) use ($column): void {
        $accounts = $sandbox->client()->accounts();
        $ids = $column($accounts->createMany([['name' => 'a'], ['name' => 'b']]), 'id');
        $changes = [[$ids[0], ['city' => 'Kraków']], [$ids[1], (object) ['city' => 'Łomża']], [987654, ['city' => 'x']], ['no pair']];
        $rows = $accounts->updateMany($changes);
        same([...$ids, null, null], $column($rows, 'id'));
        same([Exception\NotFoundException::class, 'id'], [$rows[2]->error::class, $rows[3]->error->setting]);
        same(['Kraków', 'Łomża'], array_column($column($accounts->getMany($ids), 'record'), 'city'));
        same([true, true, false], $column($accounts->deleteMany([...$ids, true]), 'ok'));
        same([false, false], $column($accounts->getMany($ids), 'ok'));
    },
    'an input that is an object comes back as that object' => static function (Sandbox $sandbox): void {
        $record = new ArrayObject(['name' => 'x']);
        same(true, $sandbox->client()->accounts()->createMany([$record])[0]->input === $record);
    },
    'progress is reported after each call' => static function (Sandbox $sandbox): void {
        $seen = [];
        $progress = static function (Progress $progress) use (&$seen): void {
            $seen[] = [$progress->done, $progress->failed];
        };
        $sandbox->client()->accounts()->createMany([['name' => 'a'], [], ['name' => 'b']], concurrency: 1, onProgress: $progress);
        same([[1, 0], [2, 1], [3, 1]], $seen);
    },
    'as many calls go out at a time as are asked for' => static function (Sandbox $sandbox): void {
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'times' => 0, 'delay_ms' => 20]);
        $records = array_fill(0, 12, ['name' => 'x']);
        $sandbox->client()->accounts()->createMany($records, concurrency: 3);
        $connections = array_column($sandbox->control('GET', 'journal?action=create'), 'connection');
        same([12, 3], [count($connections), count(array_unique($connections))]);
        $wrong = static fn () => $sandbox->client()->accounts()->createMany([], concurrency: 0);
        same('concurrency', thrown(Exception\ConfigException::class, $wrong)->setting);
    },
    'a stream takes its inputs as they are needed, and ends where it is left' => static function (Sandbox $sandbox) use ($requests): void {
        $taken = 0;
        $endless = (static function () use (&$taken): Generator {
            while (true) {
                yield ['name' => 'Firma ' . ++$taken];
            }
        })();
        $rows = $sandbox->client()->accounts()->createMany($endless, concurrency: 1, stream: true);
        same([0, 0], [$taken, $requests($sandbox, 'create')]);
        $read = 0;
        foreach ($rows as $row) {
            same([$read, true], [$row->index, $row->ok]);
            if (++$read === 10) {
                break;
            }
        }
        unset($rows);
        same([10, 10], [$taken, $requests($sandbox, 'create')]);
    },
    'what the inputs or the progress throw is thrown' => static function (Sandbox $sandbox) use ($requests): void {
        $accounts = $sandbox->client()->accounts();
        $inputs = static function (): Generator {
            yield ['name' => 'x'];
            throw new DomainException('no more');
        };
        $tries = [
            'no more' => static fn () => $accounts->createMany($inputs()),
            'stop' => static fn () => $accounts->createMany([['name' => 'x']], onProgress: static fn () => throw new DomainException('stop')),
        ];
        foreach ($tries as $words => $try) {
            try {
                $try();
            } catch (DomainException $why) {
                same($words, $why->getMessage());
                continue;
            }
            throw new RuntimeException('nothing was thrown');
        }
        same(true, $accounts->create(['name' => 'after']) > 0);
    },
    'an input whose jsonSerialize() throws is a row, and the others go on' => static function (Sandbox $sandbox) use ($column): void {
        $broken = new class () implements JsonSerializable {
            public function jsonSerialize(): never
            {
                throw new DomainException('no form');
            }
        };
        $rows = $sandbox->client()->accounts()->createMany([['name' => 'a'], $broken, ['name' => 'b', 'x' => $broken], ['name' => 'c']]);
        same([true, false, false, true], $column($rows, 'ok'));
        foreach ([1, 2] as $place) {
            $error = $rows[$place]->error;
            same([Exception\ConfigException::class, 'record', Outcome::NotSent], [$error::class, $error->setting, $error->outcome]);
            same([DomainException::class, 'no form'], [$error->getPrevious()::class, $error->getPrevious()->getMessage()]);
        }
    },
    'a stream gives every row before what the progress throws' => static function (Sandbox $sandbox): void {
        $progress = static fn (Progress $progress) => $progress->done === 2 ? throw new DomainException('stop') : null;
        $rows = $sandbox->client()->accounts()->createMany(array_fill(0, 5, ['name' => 'x']), onProgress: $progress, stream: true);
        $seen = [];
        try {
            foreach ($rows as $row) {
                $seen[] = $row->index;
            }
        } catch (DomainException) {
            $seen[] = 'stop';
        }
        same([0, 1, 'stop'], $seen);
    },
    'a bulk works in a forked child' => static function (Sandbox $sandbox): void {
        $code = '$accounts = Egito\Client::fromEnv()->accounts(); $id = $accounts->create(["name" => "x"]);'
            . '$child = pcntl_fork(); $rows = $accounts->getMany([$id, $id]); $ok = $rows[0]->ok && $rows[1]->ok;'
            . 'if ($child === 0) { exit($ok ? 7 : 1); } pcntl_waitpid($child, $status); echo $ok ? "x" : "-", pcntl_wexitstatus($status);';
        same('x7', php($code, $sandbox->environment()));
    },
    'a client counts what it does' => static function (Sandbox $sandbox): void {
        $client = $sandbox->client();
        same([0, 0, 0, 0, 0, 0], array_values((array) $client->stats()));
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'answer' => ['status' => 503, 'body' => '']]);
        $client->accounts()->get($client->accounts()->create(['name' => 'x']));
        $stats = $client->stats();
        same([2, 3, 1, 1], [$stats->calls, $stats->attempts, $stats->retries, $stats->logins]);
        same([true, true], [$stats->bytesSent >= 12, $stats->bytesReceived > 20]);
    },
];
