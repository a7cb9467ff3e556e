<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\EntryState;
use Egito\Exception\ConfigException;
use Egito\Exception\NotFoundException;
use Egito\Exception\ValidationException;
use Egito\Number;

/** Outbox: the arguments and results of its methods. The core tests the rules. */
final class OutboxTest extends TestCase
{
    private const LEAD = ['lastName' => 'Ryś', 'formKey' => 'f-1'];

    private string $folder;

    protected function setUp(): void
    {
        parent::setUp();
        $this->folder = sys_get_temp_dir() . '/egito-outbox-' . getmypid();
        mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        self::execute(['rm', '-r', $this->folder]);
    }

    public function testWritesAreStoredAndDeliveredOnce(): void
    {
        $client = self::$sandbox->client();
        $id = $client->leads()->create(['lastName' => 'Żbik']);
        $outbox = $client->outbox("$this->folder/outbox.db", keepDays: 7, concurrency: 2, lookup: 'scan');
        $first = $outbox->put('Lead', self::LEAD, 'formKey');
        self::assertSame($first, $outbox->put('Lead', (object) self::LEAD, key: ['formKey'], settle: 5, lookup: 'filter'));
        $account = ['nip' => '5250001009', 'name' => 'Żubr', 'price' => new Number('12345678901234567.89')];
        $outbox->putUpsert('Account', $account, 'nip');
        $outbox->putUpdate('Lead', $id, ['lastName' => 'Żbik 2']);
        $last = $outbox->putDelete('Lead', $id);
        self::assertSame(['waiting' => 4, 'sending' => 0, 'refused' => 0, 'unclear' => 0, 'delivered' => 0], $outbox->counts());
        self::assertCount(2, self::$sandbox->control('GET', 'journal')); // the login and the first create
        self::assertSame(1, $outbox->deliver(limit: 1)->delivered);
        $delivery = $outbox->deliver();
        self::assertSame([3, 0, 0, 0, null], [$delivery->delivered, $delivery->refused, $delivery->unclear, $delivery->waiting, $delivery->pausedBy]);
        self::assertCount(1, self::$sandbox->control('GET', 'journal?action=delete'));
        self::assertStringContainsString('"price":12345678901234567.89', self::$sandbox->lastBody('create'));

        $entries = $outbox->entries(EntryState::Delivered, limit: 3);
        self::assertSame(['create', 'upsert', 'update'], array_column($entries, 'action'));
        self::assertSame([self::LEAD, ['formKey']], [$entries[0]->record, $entries[0]->key]);
        self::assertSame([$last], array_column($outbox->entries(after: $entries[2]->id), 'id'));
        $entry = $outbox->get($last);
        self::assertSame([EntryState::Delivered, $id, null, null], [$entry->state, $entry->recordId, $entry->record, $entry->error]);
        self::assertEqualsWithDelta(time(), $entry->deliveredAt->getTimestamp(), 60);
    }

    public function testRefusedEntryIsEditedRetriedAndDiscarded(): void
    {
        $outbox = self::$sandbox->client()->outbox("$this->folder/outbox.db");
        $id = $outbox->put('Lead', ['formKey' => 'f-2'], 'formKey');
        self::assertSame(1, $outbox->deliver()->refused);
        $error = $outbox->get($id)->error;
        self::assertInstanceOf(ValidationException::class, $error);
        self::assertSame('lastName', $error->errors[0]->field);
        $outbox->retry($id);
        self::assertSame(1, $outbox->deliver()->refused);
        $outbox->edit($id, ['formKey' => 'f-2', 'lastName' => 'Ryś']);
        self::assertSame(1, $outbox->deliver()->delivered);
        $outbox->discard($other = $outbox->putDelete('Lead', 7_000_000));
        self::thrown(NotFoundException::class, static fn () => $outbox->get($other));
        self::assertSame('id', self::thrown(ConfigException::class, static fn () => $outbox->discard($id))->setting);
    }

    public function testServerThatIsDownPausesTheOutbox(): void
    {
        $client = self::$sandbox->client()->withOptions(['max_retries' => 0]);
        $outbox = $client->outbox("$this->folder/outbox.db");
        $outbox->put('Lead', self::LEAD, 'formKey');
        self::$sandbox->control('POST', 'faults', ['on' => [], 'response' => ['status' => 503, 'body' => 'down'], 'times' => 10]);
        $delivery = $outbox->deliver();
        self::assertSame([0, 0], [$delivery->delivered, $delivery->refused]);
        self::assertSame(1, $delivery->waiting + $delivery->unclear);
    }

    public function testInvalidArgumentsAreRefused(): void
    {
        $client = self::$sandbox->client();
        $outbox = $client->outbox("$this->folder/outbox.db");
        foreach (
            [
                'key' => static fn () => $outbox->put('Lead', ['lastName' => 'Ryś'], 'formKey'),
                'id' => static fn () => $outbox->putDelete('Lead', true),
                'limit' => static fn () => $outbox->deliver(0),
                'outbox' => fn () => $client->outbox("$this->folder/missing/outbox.db"),
            ] as $setting => $call
        ) {
            self::assertSame($setting, self::thrown(ConfigException::class, $call)->setting);
        }
        self::assertSame([], self::$sandbox->control('GET', 'journal'));
    }
}
