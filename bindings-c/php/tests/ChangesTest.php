<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Exception\ConfigException;
use Egito\Exception\PaginationException;

/** changes(), ids() and deleted(): their arguments and results. The suite tests the rules. */
final class ChangesTest extends TestCase
{
    private const ACCOUNTS = [
        ['id' => 1, 'name' => 'Żubr', 'lastUpdated' => '2026-01-01T10:00:00Z'],
        ['id' => 2, 'name' => 'Ryś', 'lastUpdated' => '2026-01-02T10:00:00Z'],
        ['id' => 3, 'name' => 'Bóbr', 'lastUpdated' => '2026-01-02T10:00:00Z'],
    ];

    protected function setUp(): void
    {
        $seed = ['entities' => ['Account' => self::ACCOUNTS]];
        self::$sandbox->control('POST', 'reset', ['seed' => $seed]);
    }

    public function testMarkContinuesTheList(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $all = $accounts->changes(pageSize: 2);
        foreach ($all as $account) {
            self::assertSame('mark', self::thrown(ConfigException::class, $all->mark(...))->setting);
        }
        self::assertSame([], $accounts->changes($all->mark())->toArray());
        $accounts->update(1, ['name' => 'Żubr Nowy']);
        $changes = $accounts->changes(since: $all->mark(), by: 'lastUpdated', lag: 60, filters: []);
        self::assertSame(['Żubr Nowy'], array_column($changes->toArray(), 'name'));
        $pages = $accounts->changes($changes->mark())->withResponse();
        self::assertSame([[], true], [iterator_to_array($pages->pages()), $pages->mark() !== '']);
    }

    public function testOnlyACompleteLastReadHasAMark(): void
    {
        $all = self::$sandbox->client()->accounts()->changes(pageSize: 2);
        self::assertSame([3, true], [count($all), $all->first() !== null]);
        self::assertSame('mark', self::thrown(ConfigException::class, $all->mark(...))->setting);
        $all->toArray();
        self::assertNotSame('', $all->mark());
        foreach ($all as $account) {
            break;
        }
        self::assertSame('mark', self::thrown(ConfigException::class, $all->mark(...))->setting);
    }

    public function testInvalidArgumentsAreRefused(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        foreach (
            [
                'since' => static fn () => $accounts->changes('x')->toArray(),
                'by' => static fn () => $accounts->changes(by: ' ')->toArray(),
                'lag' => static fn () => $accounts->changes(lag: -1)->toArray(),
                'mark' => static function () use ($accounts): void {
                    $list = $accounts->list();
                    $list->toArray();
                    $list->mark();
                },
                'id' => static fn () => $accounts->deleted([true]),
            ] as $setting => $call
        ) {
            self::assertSame($setting, self::thrown(ConfigException::class, $call)->setting);
        }
        self::thrown(PaginationException::class, static fn () => $accounts->changes(by: 'name')->toArray());
    }

    public function testDeletedRecordsAreFound(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        self::assertSame([1, 2, 3], $accounts->ids());
        $accounts->delete(2);
        $known = (static fn () => yield from [1, 2, 3, 'A-17'])();
        self::assertSame([2, 'A-17'], $accounts->deleted($known));
        self::assertSame([], $accounts->deleted([]));
    }
}
