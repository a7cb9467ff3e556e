<?php

/** Options: settings of some calls, with the login and the connections of the client. */

declare(strict_types=1);

use Egito\Exception\ConfigException;
use Egito\Exception\ServerException;
use Egito\Exception\TimeoutException;

return [
    'a call may have a time limit of its own' => static function (Sandbox $sandbox): void {
        $client = $sandbox->client();
        $id = $client->accounts()->create(['name' => 'x']);
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'hold' => 'slow']);
        $get = static fn () => $client->withOptions(['timeout' => 0.05])->accounts()->get($id);
        same('timeout', thrown(TimeoutException::class, $get)->limit);
        $sandbox->control('POST', 'release', ['name' => 'slow']);
        same('x', $client->accounts()->get($id)['name']);
    },
    'login, connections and stats are shared, and nothing else changes' => static function (Sandbox $sandbox): void {
        $client = $sandbox->client(['exact' => true]);
        $offers = $client->withOptions(['page_size' => 1])->entity('Offer');
        $client->entity('Offer')->create(['name' => 'x', 'o' => new stdClass()]);
        same(ArrayObject::class, get_class($offers->list()->first()['o']));
        same([1, 2], [$client->stats()->logins, $client->withOptions([])->stats()->calls]);
        $requests = $sandbox->control('GET', 'journal');
        same(1, count(array_filter($requests, static fn (array $request): bool => $request['action'] === 'login')));
        same('1', end($requests)['query']['max']);
    },
    'bulks go by them too' => static function (Sandbox $sandbox): void {
        $fault = ['on' => ['action' => 'get'], 'times' => 0, 'answer' => ['status' => 503, 'body' => '']];
        $sandbox->control('POST', 'faults', $fault);
        $rows = $sandbox->client()->withOptions(['max_retries' => 1])->accounts()->getMany([1]);
        same([ServerException::class, 2], [$rows[0]->error::class, $rows[0]->error->attempts]);
    },
    'what belongs to the whole client is refused' => static function (Sandbox $sandbox): void {
        $client = $sandbox->client();
        foreach (['username' => 'x', 'library' => 'y', 'exact' => true, 'timeout' => 'soon'] as $name => $value) {
            same($name, thrown(ConfigException::class, static fn () => $client->withOptions([$name => $value]))->setting);
        }
    },
];
