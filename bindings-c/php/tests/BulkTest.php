<?php

declare(strict_types=1);

namespace Egito\Tests;

use ArrayObject;
use DomainException;
use Egito\BulkOptions;
use Egito\BulkRow;
use Egito\Exception;
use Egito\Outcome;
use Egito\Progress;
use Generator;
use JsonSerializable;

/** Bulks: one row per input, in order, and what a client counts. */
final class BulkTest extends TestCase
{
    public function testJournalContinuesABulk(): void
    {
        $leads = self::$sandbox->client()->leads();
        $journal = tempnam(sys_get_temp_dir(), 'egito-');
        unlink($journal);
        $options = new BulkOptions(journal: $journal);
        $first = $leads->createMany([['lastName' => 'Ryś']], $options);
        $again = $leads->createMany([['lastName' => 'Ryś'], ['lastName' => 'Żbik']], $options);
        self::assertSame([false], array_column($first, 'resumed'));
        self::assertSame([true, false], array_column($again, 'resumed'));
        self::assertSame($first[0]->id, $again[0]->id);
        $other = self::thrown(Exception\ConfigException::class, static fn () => $leads->deleteMany([1], $options));
        self::assertSame('journal', $other->setting);
        unlink($journal);
    }

    public function testReturnsOneRowPerInputInOrder(): void
    {
        $records = array_map(static fn (int $i): array => ['name' => "Firma $i"], range(1, 30));
        $rows = self::$sandbox->client()->accounts()->createMany($records);
        self::assertSame([range(0, 29), $records], [self::column($rows, 'index'), self::column($rows, 'input')]);
        self::assertSame(30, count(array_unique(self::column($rows, 'id'))));
        self::assertSame([true], array_unique(self::column($rows, 'ok')));
        $read = self::$sandbox->client()->accounts()->getMany(self::column($rows, 'id'));
        self::assertSame(array_column($records, 'name'), array_column(self::column($read, 'record'), 'name'));
    }

    public function testFailedInputDoesNotStopTheOthers(): void
    {
        $records = [['name' => 'a'], ['city' => 'Łódź'], ['name' => "\xff"], 7, ['name' => 'b']];
        $rows = self::$sandbox->client()->accounts()->createMany($records);
        self::assertSame([true, false, false, false, true], self::column($rows, 'ok'));
        $classes = array_map(static fn (BulkRow $row): string => $row->error === null ? '' : $row->error::class, $rows);
        self::assertSame(['', Exception\ValidationException::class, Exception\ConfigException::class, Exception\ConfigException::class, ''], $classes);
        self::assertSame([Outcome::Rejected, 'name'], [$rows[1]->error->outcome, $rows[1]->error->errors[0]->field]);
        self::assertStringContainsString('`record.name` is not valid UTF-8', $rows[2]->error->getMessage());
        self::assertSame([$records, null, null], [self::column($rows, 'input'), $rows[1]->id, $rows[1]->record]);
    }

    public function testUpdatesAndDeletesRecords(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $ids = self::column($accounts->createMany([['name' => 'a'], ['name' => 'b']]), 'id');
        $changes = [[$ids[0], ['city' => 'Kraków']], [$ids[1], (object) ['city' => 'Łomża']], [987654, ['city' => 'x']], ['not a pair']];
        $rows = $accounts->updateMany($changes);
        self::assertSame([...$ids, null, null], self::column($rows, 'id'));
        self::assertSame([Exception\NotFoundException::class, 'id'], [$rows[2]->error::class, $rows[3]->error->setting]);
        self::assertSame(['Kraków', 'Łomża'], array_column(self::column($accounts->getMany($ids), 'record'), 'city'));
        self::assertSame([true, true, false], self::column($accounts->deleteMany([...$ids, true]), 'ok'));
        self::assertSame([false, false], self::column($accounts->getMany($ids), 'ok'));
    }

    public function testRowHasTheSameInputObject(): void
    {
        $record = new ArrayObject(['name' => 'x']);
        self::assertTrue(self::$sandbox->client()->accounts()->createMany([$record])[0]->input === $record);
    }

    public function testReportsProgressAfterEachCall(): void
    {
        $seen = [];
        $progress = static function (Progress $progress) use (&$seen): void {
            $seen[] = [$progress->done, $progress->failed];
        };
        self::$sandbox->client()->accounts()->createMany([['name' => 'a'], [], ['name' => 'b']], new BulkOptions(concurrency: 1, onProgress: $progress));
        self::assertSame([[1, 0], [2, 1], [3, 1]], $seen);
    }

    public function testConcurrencyLimitsTheCallsInFlight(): void
    {
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'times' => 0, 'delay_ms' => 20]);
        $records = array_fill(0, 12, ['name' => 'x']);
        self::$sandbox->client()->accounts()->createMany($records, new BulkOptions(concurrency: 3));
        $connections = array_column(self::$sandbox->control('GET', 'journal?action=create'), 'connection');
        self::assertSame([12, 3], [count($connections), count(array_unique($connections))]);
        $invalid = static fn () => self::$sandbox->client()->accounts()->createMany([], new BulkOptions(concurrency: 0));
        self::assertSame('concurrency', self::thrown(Exception\ConfigException::class, $invalid)->setting);
    }

    public function testStreamReadsInputsLazilyAndStopsWhenDestroyed(): void
    {
        $inputsRead = 0;
        $endless = (static function () use (&$inputsRead): Generator {
            while (true) {
                yield ['name' => 'Firma ' . ++$inputsRead];
            }
        })();
        $rows = self::$sandbox->client()->accounts()->streamCreateMany($endless, new BulkOptions(concurrency: 1));
        self::assertSame([0, 0], [$inputsRead, self::requests('create')]);
        $read = 0;
        foreach ($rows as $row) {
            self::assertSame([$read, true], [$row->index, $row->ok]);
            if (++$read === 10) {
                break;
            }
        }
        unset($rows);
        self::assertSame([10, 10], [$inputsRead, self::requests('create')]);
    }

    public function testSecondLoopOverRowsIsRefused(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $rows = $accounts->streamCreateMany([['name' => 'x']]);
        self::assertCount(1, iterator_to_array($rows));
        $again = static fn () => iterator_to_array($rows);
        self::assertStringContainsString('start a new bulk', self::thrown(Exception\ConfigException::class, $again)->getMessage());
        $empty = $accounts->streamGetMany([]);
        self::assertSame([], iterator_to_array($empty));
        self::thrown(Exception\ConfigException::class, static fn () => iterator_to_array($empty));
        $unread = $accounts->streamGetMany([1]);
        self::assertSame([], $unread->rest());
        self::thrown(Exception\ConfigException::class, static fn () => iterator_to_array($unread));
    }

    public function testExceptionsOfInputsAndProgressPassThrough(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $inputs = static function (): Generator {
            yield ['name' => 'x'];
            throw new DomainException('no more');
        };
        $stop = new BulkOptions(onProgress: static fn () => throw new DomainException('stop'));
        $tries = [
            'no more' => static fn () => $accounts->createMany($inputs()),
            'stop' => static fn () => $accounts->createMany([['name' => 'x']], $stop),
        ];
        foreach ($tries as $message => $try) {
            try {
                $try();
            } catch (DomainException $thrown) {
                self::assertSame($message, $thrown->getMessage());
                continue;
            }
            self::fail('nothing was thrown');
        }
        self::assertTrue($accounts->create(['name' => 'after']) > 0);
    }

    public function testInputWhoseJsonSerializeThrowsIsAFailedRow(): void
    {
        $broken = new class () implements JsonSerializable {
            public function jsonSerialize(): never
            {
                throw new DomainException('no form');
            }
        };
        $rows = self::$sandbox->client()->accounts()->createMany([['name' => 'a'], $broken, ['name' => 'b', 'x' => $broken], ['name' => 'c']]);
        self::assertSame([true, false, false, true], self::column($rows, 'ok'));
        foreach ([1, 2] as $index) {
            $error = $rows[$index]->error;
            self::assertSame([Exception\ConfigException::class, 'record', Outcome::NotSent], [$error::class, $error->setting, $error->outcome]);
            self::assertSame([DomainException::class, 'no form'], [$error->getPrevious()::class, $error->getPrevious()->getMessage()]);
        }
    }

    public function testStreamReturnsTheRowsBeforeAnExceptionOfProgress(): void
    {
        $progress = static fn (Progress $progress) => $progress->done === 2 ? throw new DomainException('stop') : null;
        $rows = self::$sandbox->client()->accounts()->streamCreateMany(array_fill(0, 5, ['name' => 'x']), new BulkOptions(onProgress: $progress));
        $seen = [];
        try {
            foreach ($rows as $row) {
                $seen[] = $row->index;
            }
        } catch (DomainException) {
            $seen[] = 'stop';
        }
        self::assertSame([0, 1, 'stop'], $seen);
    }

    public function testBulkWorksInAForkedChild(): void
    {
        $code = '$accounts = Egito\Client::fromEnv()->accounts(); $id = $accounts->create(["name" => "x"]);'
            . '$child = pcntl_fork(); $rows = $accounts->getMany([$id, $id]); $ok = $rows[0]->ok && $rows[1]->ok;'
            . 'if ($child === 0) { exit($ok ? 7 : 1); } pcntl_waitpid($child, $status); echo $ok ? "x" : "-", pcntl_wexitstatus($status);';
        self::assertSame('x7', self::runPhp($code, self::$sandbox->environment()));
    }

    public function testClientCountsItsCalls(): void
    {
        $client = self::$sandbox->client();
        self::assertSame([0, 0, 0, 0, 0, 0], array_values((array) $client->stats()));
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'response' => ['status' => 503, 'body' => '']]);
        $client->accounts()->get($client->accounts()->create(['name' => 'x']));
        $stats = $client->stats();
        self::assertSame([2, 3, 1, 1], [$stats->calls, $stats->attempts, $stats->retries, $stats->logins]);
        self::assertSame([true, true], [$stats->bytesSent >= 12, $stats->bytesReceived > 20]);
    }

    /**
     * @param list<BulkRow> $rows
     * @return list<mixed>
     */
    private static function column(array $rows, string $property): array
    {
        return array_map(static fn (BulkRow $row): mixed => $row->$property, $rows);
    }

    private static function requests(string $action): int
    {
        return count(self::$sandbox->control('GET', "journal?action=$action"));
    }
}
