<?php

declare(strict_types=1);

namespace Egito\Tests;

use DateTime;
use Egito\Exception\ConfigException;
use Egito\Exception\ServerException;
use Egito\RecordList;

/** Lists: lazy, complete, and readable more than once. */
final class ListsTest extends TestCase
{
    public function testEachRecordComesOnceWithKeysFromZero(): void
    {
        $records = iterator_to_array(self::offers());
        self::assertSame(range(0, 249), array_keys($records));
        self::assertSame(range(1, 250), array_column($records, 'id'));
    }

    public function testNothingIsSentUntilTheListIsRead(): void
    {
        $list = self::offers();
        self::assertSame(0, self::requests());
        foreach ($list as $record) {
            if ($record['id'] === 101) {
                break;
            }
        }
        self::assertSame(2, self::requests());
    }

    public function testListCanBeReadAgain(): void
    {
        $list = self::offers();
        self::assertSame($list->toArray(), $list->toArray());
        self::assertSame(1, $list->first()['id']);
    }

    public function testNoRecordComesAfterTheClientIsClosed(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Offer' => 20]]);
        $client = self::$sandbox->client([]);
        $read = 0;
        self::thrown(ConfigException::class, static function () use ($client, &$read): void {
            foreach ($client->entity('Offer')->list() as $record) {
                $read++;
                $client->close();
            }
        });
        self::assertSame(1, $read);
    }

    public function testEmptyFiltersAndUnknownOptionsAreRefused(): void
    {
        $offers = self::$sandbox->client([])->entity('Offer');
        foreach ([null, '', ' ', []] as $empty) {
            self::assertSame('name', self::thrown(ConfigException::class, static fn () => $offers->list(filters: ['name' => $empty])->first())->setting);
        }
        $invalid = static fn () => $offers->list(orderBy: 'name')->first();
        self::assertStringContainsString('did you mean `sort`?', self::thrown(ConfigException::class, $invalid)->getMessage());
    }

    public function testPagesHaveTheSizesOfTheServer(): void
    {
        self::assertSame([100, 100, 50], array_map('count', iterator_to_array(self::offers()->pages())));
    }

    public function testEmptyList(): void
    {
        $list = self::offers(0);
        self::assertSame([[], null, []], [$list->toArray(), $list->first(), iterator_to_array($list->pages())]);
    }

    public function testLimitAndStartSelectARange(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Offer' => 12]]);
        $offers = self::$sandbox->client(['page_size' => 3])->entity('Offer');
        $ids = static fn (RecordList $list): array => array_column($list->toArray(), 'id');
        self::assertSame([1, 2, 3, 4], $ids($offers->list(limit: 4)));
        self::assertSame([11, 12], $ids($offers->list(start: 10)));
        $parts = array_map(static fn (int $start): array => $ids($offers->list(limit: 5, start: $start)), [0, 5, 10]);
        self::assertSame(range(1, 12), array_merge(...$parts));
        self::assertSame([[], null, false, 0], [$ids($offers->list(limit: 0)), $offers->list(limit: 0)->first(),
            $offers->list(limit: 0)->exists(), $offers->list(limit: 0)->count()]);
        self::assertSame('limit', self::thrown(ConfigException::class, static fn () => $offers->list(limit: -1)->first())->setting);
        self::assertSame('start', self::thrown(ConfigException::class, static fn () => $offers->list(start: -1)->toArray())->setting);
    }

    public function testFirstExistsTotalAndCountRequestSmallPages(): void
    {
        $config = ['list_form' => 'rows', 'total_key' => 'total'];
        self::$sandbox->control('POST', 'reset', ['records' => ['Offer' => 12], 'config' => $config]);
        foreach ([false, true] as $exact) {
            $offers = self::$sandbox->client(['exact' => $exact])->entity('Offer')->list(start: 10, limit: 5);
            self::assertSame([11, true, 12, 2, 2], [$offers->first()['id'], $offers->exists(), $offers->total(), $offers->count(), count($offers)]);
        }
        $nothing = self::$sandbox->client()->entity('Nothing')->list();
        self::assertSame([null, false, 0, 0], [$nothing->first(), $nothing->exists(), $nothing->total(), count($nothing)]);
        $sizes = array_column(array_column(self::$sandbox->control('GET', 'journal?action=list'), 'query'), 'max');
        self::assertSame(['1', '2'], array_values(array_unique($sizes)));
    }

    public function testCountReadsTheListIfTheServerReportsNoTotal(): void
    {
        $list = self::offers();
        self::assertSame([null, 250], [$list->total(), $list->count()]);
    }

    public function testFiltersSortAndOrderAreSent(): void
    {
        $filters = ['city' => 'Kraków', 'vip' => true, 'since' => new DateTime('2024-01-01 UTC')];
        self::$sandbox->client()->accounts()->list(filters: $filters, sort: 'name', order: 'desc', pageSize: 7)->toArray();
        $query = self::$sandbox->control('GET', 'journal?action=list')[0]['query'];
        ksort($query);
        self::assertSame(
            ['city' => 'Kraków', 'max' => '7', 'offset' => '0', 'order' => 'desc', 'since' => '2024-01-01T00:00:00.000Z',
                'sort' => 'name', 'vip' => 'true'],
            $query,
        );
    }

    public function testInvalidOptionIsAConfigError(): void
    {
        $list = self::$sandbox->client()->accounts()->list(order: 'up');
        self::assertSame('order', self::thrown(ConfigException::class, static fn () => $list->first())->setting);
    }

    public function testFailureIsThrownAfterTheRecordsBeforeIt(): void
    {
        $list = self::offers();
        $fault = ['on' => ['action' => 'list'], 'skip' => 1, 'times' => 0, 'response' => ['status' => 503, 'body' => '']];
        self::$sandbox->control('POST', 'faults', $fault);
        $read = 0;
        self::thrown(ServerException::class, static function () use ($list, &$read): void {
            foreach ($list as $record) {
                $read++;
            }
        });
        self::assertSame(100, $read);
    }

    public function testDictionariesAreLists(): void
    {
        self::assertTrue(count(self::$sandbox->client()->dictionary('industry')->toArray()) > 3);
    }

    public function testListOutlivesTheVariableOfItsClient(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $pages = $accounts->list(pageSize: 1)->pages();
        $pages->current();
        unset($accounts);
        gc_collect_cycles();
        $pages->next();
        self::assertSame(1, count($pages->current()));
    }

    public function testClosedClientSendsNothing(): void
    {
        $client = self::$sandbox->client();
        $client->close();
        $client->close();
        self::thrown(ConfigException::class, static fn () => $client->accounts()->list()->first());
        self::assertSame([], self::$sandbox->control('GET', 'journal'));
    }

    private static function offers(int $records = 250): RecordList
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Offer' => $records]]);
        // Without read-ahead and overlap, so that only the pages that are read are requested.
        return self::$sandbox->client(['prefetch' => 0, 'page_overlap' => 0])->entity('Offer')->list(pageSize: 100);
    }

    private static function requests(): int
    {
        return count(self::$sandbox->control('GET', 'journal?action=list'));
    }
}
