<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Change;
use Egito\Exception\ConfigException;
use Egito\Upserted;

/** upsert(): its arguments and its result. The suite tests the rules. */
final class UpsertTest extends TestCase
{
    private const ACCOUNT = ['nip' => '5250001009', 'name' => 'Żubr', 'city' => 'Kraków'];

    public function testOnlyFieldsThatDifferAreUpdated(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $first = $accounts->upsert(self::ACCOUNT, 'nip');
        self::assertEquals(new Upserted($first->id, Change::Created), $first);
        $again = $accounts->upsert((object) self::ACCOUNT, key: ['nip'], settle: 0.5, lookup: 'scan');
        self::assertEquals(new Upserted($first->id, Change::Unchanged), $again);
        $moved = $accounts->upsert(['city' => 'Łódź'] + self::ACCOUNT, 'nip');
        self::assertEquals(new Upserted($first->id, Change::Updated, ['city']), $moved);
        self::assertEquals(['id' => $first->id, 'city' => 'Łódź'], self::$sandbox->control('GET', 'journal?action=update')[0]['json']);
    }

    public function testNothingIsWrittenIfSeveralRecordsHaveTheKey(): void
    {
        $records = [['id' => 900] + self::ACCOUNT, ['id' => 100] + self::ACCOUNT];
        self::$sandbox->control('POST', 'seed', ['entities' => ['Account' => $records]]);
        $upserted = self::$sandbox->client()->accounts()->upsert(['city' => 'Łódź'] + self::ACCOUNT, 'nip');
        self::assertEquals(new Upserted(100, Change::Ambiguous, [], [100, 900]), $upserted);
    }

    public function testInvalidArgumentsAreRefused(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        foreach (
            [
                'key' => static fn () => $accounts->upsert(['name' => 'Żubr'], 'nip'),
                'lookup' => static fn () => $accounts->upsert(self::ACCOUNT, 'nip', lookup: 'guess'),
                'settle' => static fn () => $accounts->upsert(self::ACCOUNT, 'nip', settle: -1),
            ] as $setting => $call
        ) {
            self::assertSame($setting, self::thrown(ConfigException::class, $call)->setting);
        }
        self::assertSame([], self::$sandbox->control('GET', 'journal'));
    }
}
