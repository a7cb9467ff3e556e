<?php

declare(strict_types=1);

namespace Egito;

/**
 * @internal Delivers the events of a client to its listener and its logger, on PHP's thread, after each call. Until
 * then the library queues them: its own threads cannot call PHP.
 */
final class Events
{
    private ?Handle $queue = null;

    /** @var ?\Closure(array<string, mixed>): mixed */
    private ?\Closure $listener = null;

    /** @var ?object a Psr\Log\LoggerInterface */
    private ?object $logger = null;

    public function __construct(private readonly Native $native, private readonly Handle $client)
    {
    }

    /** @param ?callable(array<string, mixed>): mixed $listener */
    public function listen(?callable $listener): void
    {
        $this->listener = $listener === null ? null : \Closure::fromCallable($listener);
        $this->start();
    }

    public function log(?object $logger): void
    {
        if ($logger !== null && !is_callable([$logger, 'log'])) {
            $message = 'invalid `logger`: expected a PSR-3 logger with a method `log`, got ' . get_debug_type($logger);
            throw Exception\ConfigException::about('logger', $message);
        }
        $this->logger = $logger;
        $this->start();
    }

    /**
     * Delivers the queued events. Exceptions of a listener are ignored: they must not change the result of the call.
     */
    public function deliver(): void
    {
        $json = $this->queue === null ? null : $this->native->text('egito_php_events_take', $this->queue);
        if ($json === null) {
            return;
        }
        /** @var list<array<string, mixed>> $events */
        $events = Json::decode($json);
        foreach ($events as $event) {
            try {
                $this->listener === null ?: ($this->listener)($event);
                $this->logger === null || ($event['kind'] ?? '') === 'start' ?: $this->write($event);
            } catch (\Throwable) {
            }
        }
    }

    private function start(): void
    {
        $this->queue ??= $this->native->handle('egito_php_events_new', 'egito_php_events', $this->client);
    }

    /** @param array<string, mixed> $event */
    private function write(array $event): void
    {
        $failed = isset($event['code']);
        $message = $failed ? 'Egito: {action} {entity} failed: {code}' : 'Egito: {action} {entity}';
        $this->logger?->log($failed ? 'warning' : 'debug', $message, $event); // @phpstan-ignore method.notFound
    }
}
