<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Exception\NotFoundException;
use Egito\Response;

/** withResponse(): status and headers of calls and pages. */
final class ResponsesTest extends TestCase
{
    public function testCallReturnsItsStatusAndHeaders(): void
    {
        $headers = ['X-Request-Id' => 'r-1', 'Link' => ['</a>', '</b>'], 'Set-Cookie' => 'JSESSIONID=1'];
        $fault = ['status' => 203, 'headers' => $headers, 'json' => ['id' => 7]];
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'response' => $fault]);
        $response = self::$sandbox->client()->accounts()->withResponse()->get(7);
        self::assertSame([Response::class, ['id' => 7], 203], [$response::class, $response->value, $response->status]);
        self::assertSame(['r-1', '</a>, </b>', null], array_map($response->header(...), ['X-REQUEST-ID', 'link', 'nothing']));
        self::assertSame([['</a>', '</b>'], ['[removed]']], [$response->headers['link'], $response->headers['set-cookie']]);
        self::assertSame([1, 1, true], [$response->attempts, $response->callId, $response->elapsed > 0]);
    }

    public function testEachCallReturnsItsResponse(): void
    {
        $leads = self::$sandbox->client()->leads()->withResponse();
        $id = $leads->create(['lastName' => 'Ryś'])->value;
        self::assertSame($id, $leads->update($id, ['phone' => '1'])->value);
        self::assertSame('Ryś', $leads->get($id)->value['lastName']);
        self::assertSame($id, $leads->delete($id)->value);
        self::thrown(NotFoundException::class, static fn () => $leads->get($id));
        self::assertSame(200, $leads->call('list', method: 'GET')->status);
    }

    public function testEachPageHasItsOwnResponse(): void
    {
        $list = self::$sandbox->client(['page_overlap' => 0])->accounts()->list(pageSize: 5, limit: 10)->withResponse();
        [$one, $other] = [$list->pages(), $list->pages()];
        $calls = [];
        for (; $one->valid(); $one->next(), $other->next()) {
            array_push($calls, $one->current()->callId, $other->current()->callId);
            self::assertSame([5, 5, 200], [count($one->current()->value), count($other->current()->value), $one->current()->status]);
        }
        self::assertSame([4, 4], [count($calls), count(array_unique($calls))]);
    }
}
