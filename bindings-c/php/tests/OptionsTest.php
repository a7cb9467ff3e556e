<?php

declare(strict_types=1);

namespace Egito\Tests;

use ArrayObject;
use Egito\Exception\ConfigException;
use Egito\Exception\ServerException;
use Egito\Exception\TimeoutException;
use stdClass;

/** withOptions(): settings of some calls, with the login and connections of the client. */
final class OptionsTest extends TestCase
{
    public function testCallCanHaveItsOwnTimeLimit(): void
    {
        $client = self::$sandbox->client();
        $id = $client->accounts()->create(['name' => 'x']);
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'hold' => 'slow']);
        $get = static fn () => $client->withOptions(['timeout' => 0.05])->accounts()->get($id);
        self::assertSame('timeout', self::thrown(TimeoutException::class, $get)->limit);
        self::$sandbox->control('POST', 'release', ['name' => 'slow']);
        self::assertSame('x', $client->accounts()->get($id)['name']);
    }

    public function testLoginConnectionsAndStatsAreShared(): void
    {
        $client = self::$sandbox->client(['exact' => true]);
        $offers = $client->withOptions(['page_size' => 1])->entity('Offer');
        $client->entity('Offer')->create(['name' => 'x', 'o' => new stdClass()]);
        self::assertSame(ArrayObject::class, get_class($offers->list()->first()['o']));
        self::assertSame([1, 2], [$client->stats()->logins, $client->withOptions([])->stats()->calls]);
        $requests = self::$sandbox->control('GET', 'journal');
        self::assertSame(1, count(array_filter($requests, static fn (array $request): bool => $request['action'] === 'login')));
        self::assertSame('1', end($requests)['query']['max']);
    }

    public function testBulksUseTheOptions(): void
    {
        $fault = ['on' => ['action' => 'get'], 'times' => 0, 'response' => ['status' => 503, 'body' => '']];
        self::$sandbox->control('POST', 'faults', $fault);
        $rows = self::$sandbox->client()->withOptions(['max_retries' => 1])->accounts()->getMany([1]);
        self::assertSame([ServerException::class, 2], [$rows[0]->error::class, $rows[0]->error->attempts]);
    }

    public function testSettingsOfTheClientAreRefused(): void
    {
        $client = self::$sandbox->client();
        foreach (['username' => 'x', 'library' => 'y', 'exact' => true, 'timeout' => 'soon'] as $name => $value) {
            self::assertSame($name, self::thrown(ConfigException::class, static fn () => $client->withOptions([$name => $value]))->setting);
        }
    }
}
