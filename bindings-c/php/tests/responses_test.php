<?php

/** Responses: status and headers of calls and pages, for those who ask. */

declare(strict_types=1);

use Egito\Exception\NotFoundException;
use Egito\Response;

return [
    'a call gives its status and headers' => static function (Sandbox $sandbox): void {
        $headers = ['X-Request-Id' => 'r-1', 'Link' => ['</a>', '</b>'], 'Set-Cookie' => 'JSESSIONID=1'];
        $answer = ['status' => 203, 'headers' => $headers, 'json' => ['id' => 7]];
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'answer' => $answer]);
        $response = $sandbox->client()->accounts()->withResponse()->get(7);
        same([Response::class, ['id' => 7], 203], [$response::class, $response->value, $response->status]);
        same(['r-1', '</a>, </b>', null], array_map($response->header(...), ['X-REQUEST-ID', 'link', 'nothing']));
        same([['</a>', '</b>'], ['[removed]']], [$response->headers['link'], $response->headers['set-cookie']]);
        same([1, 1, true], [$response->attempts, $response->callId, $response->elapsed > 0]);
    },
    'every call can be asked' => static function (Sandbox $sandbox): void {
        $leads = $sandbox->client()->leads()->withResponse();
        $id = $leads->create(['lastName' => 'Ryś'])->value;
        same($id, $leads->update($id, ['phone' => '1'])->value);
        same('Ryś', $leads->get($id)->value['lastName']);
        same($id, $leads->delete($id)->value);
        thrown(NotFoundException::class, static fn () => $leads->get($id));
        same(200, $leads->call('list', method: 'GET')->status);
    },
    'each page has its own, also where two lists are read at a time' => static function (Sandbox $sandbox): void {
        $list = $sandbox->client(['page_overlap' => 0])->accounts()->list(pageSize: 5, limit: 10)->withResponse();
        [$one, $other] = [$list->pages(), $list->pages()];
        $calls = [];
        for (; $one->valid(); $one->next(), $other->next()) {
            array_push($calls, $one->current()->callId, $other->current()->callId);
            same([5, 5, 200], [count($one->current()->value), count($other->current()->value), $one->current()->status]);
        }
        same([4, 4], [count($calls), count(array_unique($calls))]);
    },
];
