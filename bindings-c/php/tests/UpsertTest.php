<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\BulkOptions;
use Egito\BulkRow;
use Egito\Change;
use Egito\Exception\ConfigException;
use Egito\Number;
use Egito\Upserted;

/** upsert() and its bulks: their arguments and results. The suite tests the rules. */
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

    public function testManyRecordsAreUpserted(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $id = $accounts->create(self::ACCOUNT);
        $records = [['city' => 'Łódź'] + self::ACCOUNT, ['nip' => '6762484560', 'name' => 'Ryś']];
        $rows = $accounts->upsertMany([...$records, $records[1]], key: 'nip');
        self::assertSame([Change::Updated, Change::Created, null], array_column($rows, 'change'));
        self::assertSame([$id, ['city'], []], [$rows[0]->id, $rows[0]->fields, $rows[0]->duplicates]);
        self::assertSame('key', $rows[2]->error->setting);
        $options = new BulkOptions(concurrency: 2);
        foreach ($accounts->streamUpsertMany($records, ['nip'], $options, settle: 1, lookup: 'scan') as $row) {
            self::assertSame([Change::Unchanged, null], [$row->change, $row->record]);
        }
    }

    public function testDuplicatesOfARowAreIds(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $first = $accounts->create(self::ACCOUNT);
        [$row] = $accounts->createMany([self::ACCOUNT], key: 'nip', settle: 1);
        self::assertSame(Change::Created, $row->change);
        self::assertSame([$first, $row->id], $accounts->upsertMany([self::ACCOUNT], 'nip')[0]->duplicates);
        [$second] = iterator_to_array($accounts->streamCreateMany([self::ACCOUNT], key: 'nip'));
        self::assertTrue($second->ok);
    }

    public function testPlanIsAppliedWithAllDigits(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $id = $accounts->create(self::ACCOUNT);
        $price = new Number('12345678901234567.89');
        $records = [['price' => $price] + self::ACCOUNT, ['nip' => '6762484560', 'name' => 'Ryś'], ['name' => 'Żak']];
        $plan = $accounts->planUpsert($records, 'nip');
        self::assertSame([Change::Updated, Change::Created, null], array_column($plan, 'change'));
        self::assertSame([$id, null, null], array_map(static fn (BulkRow $row) => $row->id, $plan));
        self::assertSame($records[1], $plan[1]->record);
        self::assertCount(1, self::$sandbox->control('GET', 'journal?action=create'));
        $rows = $accounts->applyUpsert(unserialize(serialize(array_slice($plan, 0, 2))), 'nip');
        self::assertSame([Change::Updated, Change::Created], array_column($rows, 'change'));
        self::assertStringContainsString('"price":12345678901234567.89', self::$sandbox->lastBody('update'));
        self::assertSame('change', $accounts->applyUpsert([$plan[2]], 'nip')[0]->error->setting);
        self::assertSame('change', $accounts->applyUpsert([17], 'nip')[0]->error->setting);
        self::assertSame('Account(nip)', $plan[1]->plannedFor);
        $stored = json_decode((string) json_encode(array_slice($plan, 0, 2)), true);
        $contacts = self::$sandbox->client()->contacts();
        $foreign = [...$accounts->applyUpsert($stored, 'name'), ...$contacts->applyUpsert($stored, 'nip')];
        foreach ($foreign as $row) {
            self::assertSame('change', $row->error->setting);
            self::assertStringContainsString('got one for Account(nip)', $row->error->getMessage());
        }
        $rows = $accounts->applyUpsert($stored, 'nip');
        self::assertSame([Change::Updated, Change::Unchanged], array_column($rows, 'change'));
        self::assertStringContainsString('"price":12345678901234567.89', self::$sandbox->lastBody('update'));
        $stored[0]['record'] = ['city' => 'Łódź'];
        self::assertSame(Change::Updated, $accounts->applyUpsert($stored, 'nip')[0]->change);
        self::assertStringContainsString('"city":"Łódź"', self::$sandbox->lastBody('update'));
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
