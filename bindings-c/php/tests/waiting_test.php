<?php

/** Waiting calls: what signals, time limits and exceptions of signal handlers do to them. */

declare(strict_types=1);

use Egito\BulkRow;
use Egito\BulkRows;
use Egito\Exception;
use Egito\Outcome;

/** Sends this process a signal once the sandbox has so many requests like this. */
$signalAt = static function (Sandbox $sandbox, string $action, int $number = 1, int $signal = SIGUSR1): int {
    $child = pcntl_fork();
    if ($child === 0) {
        while (count($sandbox->control('GET', "journal?action=$action")) < $number) {
            $sandbox->control('GET', 'journal?wait=1&timeout_ms=50');
        }
        posix_kill(posix_getppid(), $signal);
        posix_kill(posix_getpid(), SIGKILL); // without the end of PHP, which belongs to the parent
    }
    return $child;
};

/** Runs this with a handler of SIGUSR1, which is sent once the sandbox has so many requests like this. */
$interrupted = static function (Sandbox $sandbox, string $action, int $number, Closure $handler, Closure $during) use ($signalAt): void {
    pcntl_async_signals(true);
    pcntl_signal(SIGUSR1, $handler);
    $child = $signalAt($sandbox, $action, $number);
    try {
        $during();
    } finally {
        pcntl_waitpid($child, $status);
        pcntl_signal(SIGUSR1, SIG_DFL);
        pcntl_async_signals(false);
    }
};

$hold = static fn (Sandbox $sandbox, string $action, int $skip = 0) => $sandbox->control(
    'POST',
    'faults',
    ['on' => ['action' => $action], 'skip' => $skip, 'times' => 0, 'hold' => 'signal'],
);

$stop = static fn () => throw new DomainException('stop');

/** What stop() throws, which must come through. */
$stopped = static function (Closure $by): DomainException {
    try {
        $by();
    } catch (DomainException $thrown) {
        return $thrown;
    }
    throw new RuntimeException('nothing was thrown');
};

$ids = static fn (array $rows): array => array_map(static fn (BulkRow $row): bool => $row->id !== null, $rows);

return [
    'a signal handler runs while a call waits, and the call goes on' => static function (Sandbox $sandbox) use ($interrupted, $hold): void {
        $hold($sandbox, 'get');
        $accounts = $sandbox->client()->accounts();
        $handler = static fn () => $sandbox->control('POST', 'release', ['name' => 'signal']);
        $interrupted($sandbox, 'get', 1, $handler, static fn () => same(1, $accounts->get(1)['id']));
        same(1, count($sandbox->control('GET', 'journal?action=get')));
    },
    'a signal handler may make a call of its own' => static function (Sandbox $sandbox) use ($interrupted, $hold): void {
        $hold($sandbox, 'get');
        $client = $sandbox->client(['max_concurrency' => 2]);
        $inner = [];
        $handler = static function () use ($sandbox, $client, &$inner): void {
            $inner = $client->accounts()->list(limit: 2)->toArray();
            $sandbox->control('POST', 'release', ['name' => 'signal']);
        };
        $interrupted($sandbox, 'get', 1, $handler, static fn () => same(1, $client->accounts()->get(1)['id']));
        same([1, 2], array_column($inner, 'id'));
    },
    'every call that waits lets handlers run' => static function (Sandbox $sandbox) use ($interrupted, $hold): void {
        $accounts = $sandbox->client(['prefetch' => 0])->accounts();
        $ahead = $sandbox->client(['prefetch' => 2])->accounts();
        $calls = [
            ['get', 0, static fn () => $sandbox->client(['exact' => true])->accounts()->get(1)],
            ['create', 0, static fn () => $accounts->create(['name' => 'x'])],
            ['update', 0, static fn () => $accounts->update(1, ['city' => 'x'])],
            ['delete', 0, static fn () => $accounts->delete(1)],
            ['call', 0, static fn () => $accounts->call('print')],
            ['list', 0, static fn () => $accounts->list(limit: 1)->toArray()],
            ['list', 1, static fn () => $accounts->list(pageSize: 2, limit: 3)->toArray()],
            ['list', 2, static fn () => iterator_to_array($ahead->list(pageSize: 2, limit: 9))],
            ['list', 0, static fn () => $accounts->list()->first()],
            ['list', 0, static fn () => $accounts->list()->exists()],
            ['list', 0, static fn () => $accounts->list()->total()],
            ['list', 0, static fn () => $accounts->list()->count()],
            ['get', 0, static fn () => $accounts->getMany([1, 2])],
            ['login', 0, static fn () => $sandbox->client()->accounts()->get(1)],
        ];
        foreach ($calls as $number => [$action, $skip, $call]) {
            $sandbox->control('POST', 'reset', []);
            $accounts->get(1); // with a token
            $sandbox->control('DELETE', 'journal');
            $hold($sandbox, $action, $skip);
            $runs = 0;
            $handler = static function () use ($sandbox, &$runs): void {
                $runs++;
                $sandbox->control('DELETE', 'faults');
                $sandbox->control('POST', 'release', ['name' => 'signal']);
            };
            $interrupted($sandbox, $action, $skip + 1, $handler, static function () use ($call): void {
                try {
                    $call();
                } catch (Exception\NotFoundException | Exception\OutcomeUnknownException | Exception\UnexpectedResponseException) {
                }
            });
            same([$number, 1], [$number, $runs]);
        }
    },
    'what a handler throws ends a create, whose outcome is unknown then' => static function (Sandbox $sandbox) use ($interrupted, $hold, $stop, $stopped): void {
        $hold($sandbox, 'create');
        $client = $sandbox->client();
        $interrupted($sandbox, 'create', 1, $stop, static function () use ($client, $stopped): void {
            $thrown = $stopped(static fn () => $client->accounts()->create(['name' => 'x']));
            $outcome = $thrown->getPrevious();
            same([Exception\OutcomeUnknownException::class, Outcome::Unknown], [$outcome::class, $outcome->outcome]);
            same(['name' => 'x'], $outcome->record);
        });
        same(true, $sandbox->control('GET', 'journal?action=create&client_gone=true&wait=1&timeout_ms=5000')[0]['client_gone']);
        $sandbox->control('DELETE', 'faults');
        same(1, $client->accounts()->get(1)['id']);
    },
    'what a handler throws ends a read, a login and a list' => static function (Sandbox $sandbox) use ($interrupted, $hold, $stop, $stopped): void {
        $client = $sandbox->client();
        $calls = [
            ['login', static fn () => $sandbox->client()->accounts()->create(['name' => 'x'])],
            ['get', static fn () => $client->accounts()->get(1)],
            ['list', static fn () => $client->accounts()->list()->toArray()],
        ];
        $previous = [];
        foreach ($calls as [$action, $call]) {
            $hold($sandbox, $action);
            $interrupted($sandbox, $action, 1, $stop, static function () use ($stopped, $call, &$previous): void {
                $previous[] = $stopped($call)->getPrevious();
            });
            $sandbox->control('DELETE', 'faults');
        }
        same([Exception\CancelledException::class, Outcome::NotSent], [$previous[0]::class, $previous[0]->outcome]);
        same([Exception\CancelledException::class, null], [$previous[1]::class, $previous[1]->outcome]);
        same(null, $previous[2]);
        same(1, $client->accounts()->get(1)['id']);
    },
    'a time limit ends a waiting call' => static function (Sandbox $sandbox) use ($hold): void {
        $hold($sandbox, 'create');
        $code = 'set_time_limit(30); $child = pcntl_fork(); if ($child === 0) {'
            . 'file_get_contents(getenv("EGITO_BASE_URL") . "/_sandbox/journal?action=create&wait=1&timeout_ms=20000");'
            . 'posix_kill(posix_getppid(), SIGPROF); posix_kill(posix_getpid(), SIGKILL); }' // SIGPROF, as PHP's own timer
            . 'register_shutdown_function(fn () => print("\nafter: " . $client->accounts()->get(1)["id"]));'
            . '$client = Egito\Client::fromEnv(["timeout" => 60]); $client->accounts()->create(["name" => "x"]); echo "not here";';
        $code = 'require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . "; $code";
        $code = str_replace('fn () => print', 'function () use (&$client) { print', str_replace('["id"]));', '["id"]); });', $code));
        $said = output([PHP_BINARY, '-d', 'display_errors=1', '-r', $code], $sandbox->environment(), 255);
        contains('Maximum execution time', $said);
        contains('after: 1', $said);
    },
    'an exception that ends a bulk has its rows' => static function (Sandbox $sandbox) use ($interrupted, $hold, $stop, $stopped, $ids): void {
        $inputs = static function (): Generator {
            yield ['name' => 'a'];
            yield ['name' => 'b'];
            throw new DomainException('stop');
        };
        $accounts = $sandbox->client()->accounts();
        same([true, true], $ids(BulkRows::of($stopped(static fn () => $accounts->createMany($inputs())))));

        $records = array_fill(0, 9, ['name' => 'x']);
        $rows = BulkRows::of($stopped(static fn () => $accounts->createMany($records, concurrency: 1, onProgress: $stop)));
        same($ids($rows), array_fill(0, count($rows), true));
        same(count($rows), count($sandbox->control('GET', 'journal?action=create')) - 2);

        $sandbox->control('DELETE', 'journal');
        $hold($sandbox, 'create', 1);
        $interrupted($sandbox, 'create', 2, $stop, static function () use ($accounts, $records, $stopped): void {
            $call = static fn () => $accounts->createMany($records, concurrency: 1, cancelGrace: 0);
            $rows = BulkRows::of($stopped($call));
            same([0, 1], array_map(static fn (BulkRow $row): int => $row->index, $rows));
            same([true, Exception\OutcomeUnknownException::class], [$rows[0]->ok, $rows[1]->error::class]);
        });
        same([], BulkRows::of(new DomainException('of no bulk')));
    },
    'what a handler throws loses no row of a stream' => static function (Sandbox $sandbox) use ($interrupted, $hold, $stop, $stopped): void {
        $hold($sandbox, 'create', 2);
        $rows = $sandbox->client()->accounts()->createMany(array_fill(0, 9, ['name' => 'x']), concurrency: 1, cancelGrace: 0, stream: true);
        $seen = [];
        $interrupted($sandbox, 'create', 3, $stop, static function () use ($rows, &$seen, $stopped): void {
            $stopped(static function () use ($rows, &$seen): void {
                foreach ($rows as $row) {
                    $seen[] = $row->index;
                }
            });
        });
        $rest = $rows->rest();
        same([[0, 1], 2, Exception\OutcomeUnknownException::class], [$seen, $rest[0]->index, $rest[0]->error::class]);
    },
];
