<?php

declare(strict_types=1);

namespace Egito\Tests;

use Closure;
use Egito\EgitoException;
use stdClass;

/** Memory: failures, abandoned lists, bulks and clients leave nothing behind. */
final class MemoryTest extends TestCase
{
    public function testRefusedCalls(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        self::flat(self::failing(static fn () => $accounts->create(['city' => str_repeat('Łódź', 100)])), 10_000);
    }

    public function testCallsWithInvalidArguments(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        self::flat(self::failing(static fn () => $accounts->update('', ['name' => str_repeat('x', 10_000)])), 10_000);
    }

    public function testAbandonedLists(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Offer' => 50]]);
        $list = self::$sandbox->client()->entity('Offer')->list(pageSize: 10);
        self::flat(static fn () => $list->first(), 1_000);
    }

    public function testReadRecords(): void
    {
        $accounts = self::$sandbox->client(['exact' => true])->accounts();
        $id = $accounts->create(['name' => str_repeat('Żubr', 1000), 'empty' => new stdClass()]);
        self::flat(static fn () => $accounts->get($id), 1_000);
    }

    public function testBulksReadAndAbandoned(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        $inputs = array_fill(0, 20, ['city' => str_repeat('Łódź', 100)]);
        self::flat(static fn () => $accounts->createMany($inputs), 200);
        self::flat(static fn () => $accounts->streamCreateMany($inputs)->current(), 200);
    }

    public function testClientsCreatedAndRefused(): void
    {
        self::flat(self::failing(static fn () => self::$sandbox->client()->accounts()->get(987654)), 100);
        self::flat(self::failing(static fn () => self::$sandbox->client(['password' => 5])), 1_000);
    }

    /** Checks that memory stays flat while a function is called many times, after a warm-up. */
    private static function flat(Closure $once, int $times): void
    {
        for ($i = 0; $i < $times / 10; $i++) {
            $once();
        }
        $before = self::memory();
        for ($i = 0; $i < $times; $i++) {
            $once();
        }
        self::assertLessThanOrEqual(1024, self::memory() - $before, "KiB that $times calls left behind");
    }

    private static function failing(Closure $call): Closure
    {
        return static function () use ($call): void {
            try {
                $call();
            } catch (EgitoException) {
                return;
            }
            self::fail('nothing was thrown');
        };
    }
}
