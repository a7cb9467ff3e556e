<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Client;
use Egito\ClientInterface;
use Egito\Entity;
use Egito\EntityInterface;
use Egito\Exception\ConfigException;
use Egito\Exception\NotFoundException;
use Egito\RecordList;
use Egito\RecordListInterface;
use ReflectionClass;
use ReflectionMethod;
use RuntimeException;
use stdClass;
use Stringable;

/** A PSR-3 logger that keeps its lines. */
final class Lines
{
    /** @var list<array{string, string, array<string, mixed>}> */
    public array $all = [];

    /** @param array<string, mixed> $context */
    public function log(mixed $level, string|Stringable $message, array $context = []): void
    {
        $this->all[] = [$level, (string) $message, $context];
    }
}

/** Listeners, loggers, and the interfaces for test doubles. */
final class EventsTest extends TestCase
{
    public function testReportsEachAttemptAfterItsCall(): void
    {
        $client = self::$sandbox->client();
        $events = [];
        $client->onEvent(static function (array $event) use (&$events): void {
            $events[] = [$event['action'], $event['status'], $event['code'] ?? null];
        });
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'response' => ['status' => 503, 'body' => '']]);
        $id = $client->accounts()->create(['name' => 'x']);
        self::assertSame([['login', 200, null], ['create', 200, null]], $events);
        $client->accounts()->get($id);
        self::assertSame([['get', 503, 'server'], ['get', 200, null]], array_slice($events, 2));
        self::thrown(NotFoundException::class, static fn () => $client->accounts()->get(987654));
        self::assertSame(['get', 404, 'not_found'], $events[4]);
        $client->onEvent(null);
        $client->accounts()->get($id);
        self::assertSame(5, count($events));
    }

    public function testReportsPagesBulksAndCallsWithOptions(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Account' => 5]]);
        $client = self::$sandbox->client(['prefetch' => 1]);
        $events = [];
        $client->onEvent(static function (array $event) use (&$events): void {
            $events[] = $event['action'];
        });
        iterator_to_array($client->accounts()->list(pageSize: 2));
        $client->accounts()->getMany([1, 2, 3]);
        $client->withOptions(['max_retries' => 0])->accounts()->list()->exists();
        $count = array_count_values($events);
        self::assertSame([1, 3, true], [$count['login'], $count['get'], $count['list'] >= 4]);
    }

    public function testExceptionsOfAListenerAreIgnored(): void
    {
        $client = self::$sandbox->client();
        $client->onEvent(static fn () => throw new RuntimeException('no'));
        self::assertTrue($client->accounts()->create(['name' => 'x']) > 0);
    }

    public function testLoggerReceivesEventsWithoutSecrets(): void
    {
        $lines = new Lines();
        $client = self::$sandbox->client(['logger' => $lines]);
        $client->accounts()->create(['name' => 'Tajny']);
        self::thrown(NotFoundException::class, static fn () => $client->accounts()->get(987654));
        self::assertSame(['debug', 'debug', 'warning'], array_column($lines->all, 0));
        self::assertSame(['Egito: {action} {entity} failed: {code}', 'get'], [$lines->all[2][1], $lines->all[2][2]['action']]);
        $text = json_encode($lines->all);
        foreach ([self::$sandbox->settings['client_secret'], self::$sandbox->settings['password'], 'Tajny'] as $secret) {
            self::assertSame(false, str_contains($text, trim(json_encode($secret), '"')));
        }
        self::thrown(ConfigException::class, static fn () => $client->setLogger(new stdClass()));
        self::thrown(ConfigException::class, static fn () => self::$sandbox->client(['logger' => 'stderr']));
    }

    public function testInterfacesHaveAllPublicMethods(): void
    {
        foreach ([Client::class => ClientInterface::class, Entity::class => EntityInterface::class, RecordList::class => RecordListInterface::class] as $class => $interface) {
            $public = static fn (string $name): array => array_map(
                static fn (ReflectionMethod $method): string => $method->name,
                array_filter((new ReflectionClass($name))->getMethods(ReflectionMethod::IS_PUBLIC), static fn ($m) => !$m->isStatic() && $m->name !== '__construct'),
            );
            [$methods, $declared] = [$public($class), $public($interface)];
            sort($methods);
            sort($declared);
            self::assertSame($methods, $declared);
            self::assertTrue(is_subclass_of($class, $interface), $class);
        }
    }
}
