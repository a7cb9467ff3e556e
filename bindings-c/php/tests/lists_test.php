<?php

/** Lists are lazy, complete, and can be read again. */

declare(strict_types=1);

use Egito\Exception\ConfigException;
use Egito\Exception\ServerException;
use Egito\RecordList;

$offers = static function (Sandbox $sandbox, int $records = 250): RecordList {
    $sandbox->control('POST', 'reset', ['records' => ['Offer' => $records]]);
    // Nothing ahead, so that what is asked for is what is read.
    return $sandbox->client(['prefetch' => 0, 'page_overlap' => 0])->entity('Offer')->list(pageSize: 100);
};
$requests = static fn (Sandbox $sandbox): int => count($sandbox->control('GET', 'journal?action=list'));

return [
    'every record comes once, counted from 0' => static function (Sandbox $sandbox) use ($offers): void {
        $records = iterator_to_array($offers($sandbox));
        same(range(0, 249), array_keys($records));
        same(range(1, 250), array_column($records, 'id'));
    },
    'nothing is sent before the list is read, and only what is read' => static function (Sandbox $sandbox) use ($offers, $requests): void {
        $list = $offers($sandbox);
        same(0, $requests($sandbox));
        foreach ($list as $record) {
            if ($record['id'] === 101) {
                break;
            }
        }
        same(2, $requests($sandbox));
    },
    'a list can be read again' => static function (Sandbox $sandbox) use ($offers): void {
        $list = $offers($sandbox);
        same($list->toArray(), $list->toArray());
        same(1, $list->first()['id']);
    },
    'no record comes once the client is closed' => static function (Sandbox $sandbox): void {
        $sandbox->control('POST', 'reset', ['records' => ['Offer' => 20]]);
        $client = $sandbox->client([]);
        $read = 0;
        thrown(ConfigException::class, static function () use ($client, &$read): void {
            foreach ($client->entity('Offer')->list() as $record) {
                $read++;
                $client->close();
            }
        });
        same(1, $read);
    },
    'an empty filter and an option of other libraries are refused' => static function (Sandbox $sandbox): void {
        $offers = $sandbox->client([])->entity('Offer');
        foreach ([null, '', ' ', []] as $empty) {
            same('name', thrown(ConfigException::class, static fn () => $offers->list(filters: ['name' => $empty])->first())->setting);
        }
        $wrong = static fn () => $offers->list(orderBy: 'name')->first();
        contains('did you mean `sort`?', thrown(ConfigException::class, $wrong)->getMessage());
    },
    'pages come as the server gave them' => static function (Sandbox $sandbox) use ($offers): void {
        same([100, 100, 50], array_map('count', iterator_to_array($offers($sandbox)->pages())));
    },
    'an empty list is empty' => static function (Sandbox $sandbox) use ($offers): void {
        $list = $offers($sandbox, 0);
        same([[], null, []], [$list->toArray(), $list->first(), iterator_to_array($list->pages())]);
    },
    'a limit and a start cut a range out of a list' => static function (Sandbox $sandbox): void {
        $sandbox->control('POST', 'reset', ['records' => ['Offer' => 12]]);
        $offers = $sandbox->client(['page_size' => 3])->entity('Offer');
        $ids = static fn (RecordList $list): array => array_column($list->toArray(), 'id');
        same([1, 2, 3, 4], $ids($offers->list(limit: 4)));
        same([11, 12], $ids($offers->list(start: 10)));
        $parts = array_map(static fn (int $start): array => $ids($offers->list(limit: 5, start: $start)), [0, 5, 10]);
        same(range(1, 12), array_merge(...$parts));
        same([[], null, false, 0], [$ids($offers->list(limit: 0)), $offers->list(limit: 0)->first(),
            $offers->list(limit: 0)->exists(), $offers->list(limit: 0)->count()]);
        same('limit', thrown(ConfigException::class, static fn () => $offers->list(limit: -1)->first())->setting);
        same('start', thrown(ConfigException::class, static fn () => $offers->list(start: -1)->toArray())->setting);
    },
    'questions about a list ask for one record, and for the one before it' => static function (Sandbox $sandbox): void {
        $config = ['list_form' => 'rows', 'total_key' => 'total'];
        $sandbox->control('POST', 'reset', ['records' => ['Offer' => 12], 'config' => $config]);
        foreach ([false, true] as $exact) {
            $offers = $sandbox->client(['exact' => $exact])->entity('Offer')->list(start: 10, limit: 5);
            same([11, true, 12, 2, 2], [$offers->first()['id'], $offers->exists(), $offers->total(), $offers->count(), count($offers)]);
        }
        $nothing = $sandbox->client()->entity('Nothing')->list();
        same([null, false, 0, 0], [$nothing->first(), $nothing->exists(), $nothing->total(), count($nothing)]);
        $sizes = array_column(array_column($sandbox->control('GET', 'journal?action=list'), 'query'), 'max');
        same(['1', '2'], array_values(array_unique($sizes)));
    },
    'where the server tells no total, a list is counted by reading it' => static function (Sandbox $sandbox) use ($offers): void {
        $list = $offers($sandbox);
        same([null, 250], [$list->total(), $list->count()]);
    },
    'filters, sort and order reach the server' => static function (Sandbox $sandbox): void {
        $filters = ['city' => 'Kraków', 'vip' => true, 'since' => new DateTime('2024-01-01 UTC')];
        $sandbox->client()->accounts()->list(filters: $filters, sort: 'name', order: 'desc', pageSize: 7)->toArray();
        $query = $sandbox->control('GET', 'journal?action=list')[0]['query'];
        ksort($query);
        same(
            ['city' => 'Kraków', 'max' => '7', 'offset' => '0', 'order' => 'desc', 'since' => '2024-01-01T00:00:00.000Z',
                'sort' => 'name', 'vip' => 'true'],
            $query,
        );
    },
    'a wrong option is a config error' => static function (Sandbox $sandbox): void {
        $list = $sandbox->client()->accounts()->list(order: 'up');
        same('order', thrown(ConfigException::class, static fn () => $list->first())->setting);
    },
    'a failure in the middle is thrown after what was read' => static function (Sandbox $sandbox) use ($offers): void {
        $list = $offers($sandbox);
        $fault = ['on' => ['action' => 'list'], 'skip' => 1, 'times' => 0, 'answer' => ['status' => 503, 'body' => '']];
        $sandbox->control('POST', 'faults', $fault);
        $read = 0;
        thrown(ServerException::class, static function () use ($list, &$read): void {
            foreach ($list as $record) {
                $read++;
            }
        });
        same(100, $read);
    },
    'dictionaries are lists' => static function (Sandbox $sandbox): void {
        same(true, count($sandbox->client()->dictionary('industry')->toArray()) > 3);
    },
    'entities and lists live on without the variable of their client' => static function (Sandbox $sandbox): void {
        $accounts = $sandbox->client()->accounts();
        $pages = $accounts->list(pageSize: 1)->pages();
        $pages->current();
        unset($accounts);
        gc_collect_cycles();
        $pages->next();
        same(1, count($pages->current()));
    },
    'a closed client sends nothing' => static function (Sandbox $sandbox): void {
        $client = $sandbox->client();
        $client->close();
        $client->close();
        thrown(ConfigException::class, static fn () => $client->accounts()->list()->first());
        same([], $sandbox->control('GET', 'journal'));
    },
];
