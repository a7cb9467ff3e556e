<?php

declare(strict_types=1);

namespace Egito\Tests;

use Closure;
use DomainException;
use Egito\BulkOptions;
use Egito\BulkRow;
use Egito\BulkRows;
use Egito\Client;
use Egito\Exception;
use Egito\Outcome;
use Generator;

/** Calls that wait: signals, time limits and exceptions of signal handlers. */
final class SignalsTest extends TestCase
{
    public function testHandlerRunsWhileACallWaits(): void
    {
        self::hold('get');
        $accounts = self::$sandbox->client()->accounts();
        $handler = static fn () => self::$sandbox->control('POST', 'release', ['name' => 'signal']);
        self::interrupted('get', 1, $handler, static fn () => self::assertSame(1, $accounts->get(1)['id']));
        self::assertSame(1, count(self::$sandbox->control('GET', 'journal?action=get')));
    }

    public function testHandlerMayMakeACall(): void
    {
        self::hold('get');
        $client = self::$sandbox->client(['max_concurrency' => 2]);
        $inner = [];
        $handler = static function () use ($client, &$inner): void {
            $inner = $client->accounts()->list(limit: 2)->toArray();
            self::$sandbox->control('POST', 'release', ['name' => 'signal']);
        };
        self::interrupted('get', 1, $handler, static fn () => self::assertSame(1, $client->accounts()->get(1)['id']));
        self::assertSame([1, 2], array_column($inner, 'id'));
    }

    /** Sends an entry of an outbox. */
    private static function deliver(Client $client): void
    {
        $file = sys_get_temp_dir() . '/egito-signals-' . getmypid() . '.db';
        $outbox = $client->outbox($file);
        $outbox->putUpdate('Account', 1, ['city' => 'x']);
        self::assertSame(1, $outbox->deliver()->delivered);
        unset($outbox);
        self::execute(['sh', '-c', 'rm -r "$1"*', 'sh', $file]);
    }

    public function testHandlersRunDuringEachCall(): void
    {
        $accounts = self::$sandbox->client(['prefetch' => 0])->accounts();
        $ahead = self::$sandbox->client(['prefetch' => 2])->accounts();
        $calls = [
            ['get', 0, static fn () => self::$sandbox->client(['exact' => true])->accounts()->get(1)],
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
            ['login', 0, static fn () => self::$sandbox->client()->accounts()->get(1)],
            ['list', 0, static fn () => $accounts->createOnce(['nip' => '5250001009', 'name' => 'x'], 'nip')],
            ['list', 0, static fn () => $accounts->upsert(['nip' => '5250001009', 'name' => 'x'], 'nip')],
            ['list', 0, static fn () => $accounts->upsertMany([['nip' => '5250001009', 'name' => 'x']], 'nip')],
            ['list', 0, static fn () => $accounts->changes()->toArray()],
            ['list', 0, static fn () => $accounts->ids()],
            ['get', 0, static fn () => $accounts->deleted([1])],
            ['update', 0, static fn () => self::deliver(self::$sandbox->client())],
        ];
        foreach ($calls as $number => [$action, $skip, $call]) {
            self::$sandbox->control('POST', 'reset', []);
            $accounts->get(1); // with a token
            self::$sandbox->control('DELETE', 'journal');
            self::hold($action, $skip);
            $runs = 0;
            $handler = static function () use (&$runs): void {
                $runs++;
                self::$sandbox->control('DELETE', 'faults');
                self::$sandbox->control('POST', 'release', ['name' => 'signal']);
            };
            self::interrupted($action, $skip + 1, $handler, static function () use ($call): void {
                try {
                    $call();
                } catch (Exception\NotFoundException | Exception\OutcomeUnknownException | Exception\UnexpectedResponseException) {
                }
            });
            self::assertSame([$number, 1], [$number, $runs]);
        }
    }

    public function testExceptionOfAHandlerAbortsACreate(): void
    {
        self::hold('create');
        $client = self::$sandbox->client();
        self::interrupted('create', 1, self::stop(...), static function () use ($client): void {
            $thrown = self::stopped(static fn () => $client->accounts()->create(['name' => 'x']));
            $outcome = $thrown->getPrevious();
            self::assertSame([Exception\OutcomeUnknownException::class, Outcome::Unknown], [$outcome::class, $outcome->outcome]);
            self::assertSame(['name' => 'x'], $outcome->record);
        });
        self::assertTrue(self::$sandbox->control('GET', 'journal?action=create&client_gone=true&wait=1&timeout_ms=5000')[0]['client_gone']);
        self::$sandbox->control('DELETE', 'faults');
        self::assertSame(1, $client->accounts()->get(1)['id']);
    }

    public function testExceptionOfAHandlerAbortsReadsLoginsAndLists(): void
    {
        $client = self::$sandbox->client();
        $calls = [
            ['login', static fn () => self::$sandbox->client()->accounts()->create(['name' => 'x'])],
            ['get', static fn () => $client->accounts()->get(1)],
            ['list', static fn () => $client->accounts()->list()->toArray()],
        ];
        $previous = [];
        foreach ($calls as [$action, $call]) {
            self::hold($action);
            self::interrupted($action, 1, self::stop(...), static function () use ($call, &$previous): void {
                $previous[] = self::stopped($call)->getPrevious();
            });
            self::$sandbox->control('DELETE', 'faults');
        }
        self::assertSame([Exception\CancelledException::class, Outcome::NotSent], [$previous[0]::class, $previous[0]->outcome]);
        self::assertSame([Exception\CancelledException::class, null], [$previous[1]::class, $previous[1]->outcome]);
        self::assertNull($previous[2]);
        self::assertSame(1, $client->accounts()->get(1)['id']);
    }

    public function testTimeLimitAbortsACall(): void
    {
        self::hold('create');
        $code = 'set_time_limit(30); $child = pcntl_fork(); if ($child === 0) {'
            . 'file_get_contents(getenv("EGITO_BASE_URL") . "/_sandbox/journal?action=create&wait=1&timeout_ms=20000");'
            . 'posix_kill(posix_getppid(), SIGPROF); posix_kill(posix_getpid(), SIGKILL); }' // SIGPROF, as PHP's own timer
            . 'register_shutdown_function(function () use (&$client) { print("\nafter: " . $client->accounts()->get(1)["id"]); });'
            . '$client = Egito\Client::fromEnv(["timeout" => 60]); $client->accounts()->create(["name" => "x"]); echo "not here";';
        $command = [PHP_BINARY, '-d', 'display_errors=1', '-r', self::requireAutoload() . $code];
        $output = self::execute($command, self::$sandbox->environment(), 255);
        self::assertStringContainsString('Maximum execution time', $output);
        self::assertStringContainsString('after: 1', $output);
    }

    public function testExceptionThatEndsABulkHasItsRows(): void
    {
        $inputs = static function (): Generator {
            yield ['name' => 'a'];
            yield ['name' => 'b'];
            throw new DomainException('stop');
        };
        $accounts = self::$sandbox->client()->accounts();
        self::assertSame([true, true], self::ids(BulkRows::of(self::stopped(static fn () => $accounts->createMany($inputs())))));

        $records = array_fill(0, 9, ['name' => 'x']);
        $rows = BulkRows::of(self::stopped(static fn () => $accounts->createMany($records, new BulkOptions(concurrency: 1, onProgress: self::stop(...)))));
        self::assertSame(self::ids($rows), array_fill(0, count($rows), true));
        self::assertSame(count($rows), count(self::$sandbox->control('GET', 'journal?action=create')) - 2);

        self::$sandbox->control('DELETE', 'journal');
        self::hold('create', 1);
        self::interrupted('create', 2, self::stop(...), static function () use ($accounts, $records): void {
            $call = static fn () => $accounts->createMany($records, new BulkOptions(concurrency: 1, cancelGrace: 0));
            $rows = BulkRows::of(self::stopped($call));
            self::assertSame([0, 1], array_map(static fn (BulkRow $row): int => $row->index, $rows));
            self::assertSame([true, Exception\OutcomeUnknownException::class], [$rows[0]->ok, $rows[1]->error::class]);
        });
        self::assertSame([], BulkRows::of(new DomainException('not from a bulk')));
    }

    public function testExceptionOfAHandlerLosesNoRowOfAStream(): void
    {
        self::hold('create', 2);
        $rows = self::$sandbox->client()->accounts()->streamCreateMany(array_fill(0, 9, ['name' => 'x']), new BulkOptions(concurrency: 1, cancelGrace: 0));
        $seen = [];
        self::interrupted('create', 3, self::stop(...), static function () use ($rows, &$seen): void {
            self::stopped(static function () use ($rows, &$seen): void {
                foreach ($rows as $row) {
                    $seen[] = $row->index;
                }
            });
        });
        $rest = $rows->rest();
        self::assertSame([[0, 1], 2, Exception\OutcomeUnknownException::class], [$seen, $rest[0]->index, $rest[0]->error::class]);
    }

    /** Starts a child that sends SIGUSR1 to this process once the sandbox has received this number of requests. */
    private static function signalAfter(string $action, int $number): int
    {
        $child = pcntl_fork();
        if ($child === 0) {
            try {
                while (count(self::$sandbox->control('GET', "journal?action=$action")) < $number) {
                    self::$sandbox->control('GET', 'journal?wait=1&timeout_ms=50');
                }
                posix_kill(posix_getppid(), SIGUSR1);
            } finally {
                posix_kill(posix_getpid(), SIGKILL); // skips the shutdown of PHP, which belongs to the parent
            }
        }
        return $child;
    }

    /** Runs a function, and sends SIGUSR1 with this handler once the sandbox has received `$number` requests. */
    private static function interrupted(string $action, int $number, Closure $handler, Closure $function): void
    {
        pcntl_async_signals(true);
        pcntl_signal(SIGUSR1, $handler);
        $child = self::signalAfter($action, $number);
        try {
            $function();
        } finally {
            pcntl_waitpid($child, $status);
            pcntl_signal(SIGUSR1, SIG_DFL);
            pcntl_async_signals(false);
        }
    }

    private static function hold(string $action, int $skip = 0): void
    {
        $fault = ['on' => ['action' => $action], 'skip' => $skip, 'times' => 0, 'hold' => 'signal'];
        self::$sandbox->control('POST', 'faults', $fault);
    }

    private static function stop(): never
    {
        throw new DomainException('stop');
    }

    /** Returns the exception of stop(), which must pass through. */
    private static function stopped(Closure $function): DomainException
    {
        try {
            $function();
        } catch (DomainException $thrown) {
            return $thrown;
        }
        self::fail('nothing was thrown');
    }

    /**
     * @param list<BulkRow> $rows
     * @return list<bool>
     */
    private static function ids(array $rows): array
    {
        return array_map(static fn (BulkRow $row): bool => $row->id !== null, $rows);
    }
}
