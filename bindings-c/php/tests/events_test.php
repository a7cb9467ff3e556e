<?php

/** Listeners and loggers, and what stands in for a client in a test. */

declare(strict_types=1);

use Egito\Client;
use Egito\ClientInterface;
use Egito\Entity;
use Egito\EntityInterface;
use Egito\Exception\ConfigException;
use Egito\Exception\NotFoundException;
use Egito\RecordList;
use Egito\RecordListInterface;

/** As PSR-3 wants it. */
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

return [
    'each attempt is reported once its call returns, also one that failed' => static function (Sandbox $sandbox): void {
        $client = $sandbox->client();
        $told = [];
        $client->onEvent(static function (array $event) use (&$told): void {
            $told[] = [$event['action'], $event['status'], $event['code'] ?? null];
        });
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'answer' => ['status' => 503, 'body' => '']]);
        $id = $client->accounts()->create(['name' => 'x']);
        same([['login', 200, null], ['create', 200, null]], $told);
        $client->accounts()->get($id);
        same([['get', 503, 'server'], ['get', 200, null]], array_slice($told, 2));
        thrown(NotFoundException::class, static fn () => $client->accounts()->get(987654));
        same(['get', 404, 'not_found'], $told[4]);
        $client->onEvent(null);
        $client->accounts()->get($id);
        same(5, count($told));
    },
    'pages, bulks and calls with options are reported as well' => static function (Sandbox $sandbox): void {
        $sandbox->control('POST', 'reset', ['records' => ['Account' => 5]]);
        $client = $sandbox->client(['prefetch' => 1]);
        $told = [];
        $client->onEvent(static function (array $event) use (&$told): void {
            $told[] = $event['action'];
        });
        iterator_to_array($client->accounts()->list(pageSize: 2));
        $client->accounts()->getMany([1, 2, 3]);
        $client->withOptions(['max_retries' => 0])->accounts()->list()->exists();
        $count = array_count_values($told);
        same([1, 3, true], [$count['login'], $count['get'], $count['list'] >= 4]);
    },
    'what a listener throws changes nothing' => static function (Sandbox $sandbox): void {
        $client = $sandbox->client();
        $client->onEvent(static fn () => throw new RuntimeException('no'));
        same(true, $client->accounts()->create(['name' => 'x']) > 0);
    },
    'a PSR-3 logger receives events without secrets' => static function (Sandbox $sandbox): void {
        $lines = new Lines();
        $client = $sandbox->client(['logger' => $lines]);
        $client->accounts()->create(['name' => 'Tajny']);
        thrown(NotFoundException::class, static fn () => $client->accounts()->get(987654));
        same(['debug', 'debug', 'warning'], array_column($lines->all, 0));
        same(['Egito: {action} {entity} failed: {code}', 'get'], [$lines->all[2][1], $lines->all[2][2]['action']]);
        $text = json_encode($lines->all);
        foreach ([$sandbox->settings['client_secret'], $sandbox->settings['password'], 'Tajny'] as $secret) {
            same(false, str_contains($text, trim(json_encode($secret), '"')));
        }
        thrown(ConfigException::class, static fn () => $client->setLogger(new stdClass()));
        thrown(ConfigException::class, static fn () => $sandbox->client(['logger' => 'stderr']));
    },
    'a test can put its own client in the place of ours' => static function (): void {
        foreach ([Client::class => ClientInterface::class, Entity::class => EntityInterface::class, RecordList::class => RecordListInterface::class] as $class => $interface) {
            $public = static fn (string $name): array => array_map(
                static fn (ReflectionMethod $method): string => $method->name,
                array_filter((new ReflectionClass($name))->getMethods(ReflectionMethod::IS_PUBLIC), static fn ($m) => !$m->isStatic() && $m->name !== '__construct'),
            );
            [$ours, $theirs] = [$public($class), $public($interface)];
            sort($ours);
            sort($theirs);
            same(array_values(array_diff($ours, ['panicForTests'])), $theirs);
            same(true, is_subclass_of($class, $interface));
        }
    },
];
