<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/** @internal What a client, its entities and its lists share: the library, the open client, how values come out. */
final class Connection
{
    private bool $closed = false;

    private function __construct(
        public readonly Native $native,
        private readonly Handle $client,
        private readonly Reading $reading,
        private readonly Events $events,
    ) {
    }

    /** @param array<string, mixed> $settings */
    public static function open(
        #[\SensitiveParameter]
        array $settings,
        bool $fromEnv,
    ): self {
        $library = $settings['library'] ?? null;
        $exact = $settings['exact'] ?? false;
        $logger = $settings['logger'] ?? null;
        unset($settings['library'], $settings['exact'], $settings['logger']);
        if ($library !== null && !is_string($library)) {
            throw self::wrong('library', 'a path');
        }
        if (!is_bool($exact)) {
            throw self::wrong('exact', 'true or false');
        }
        if ($logger !== null && !is_object($logger)) {
            throw self::wrong('logger', 'an object with the method `log` of PSR-3');
        }
        $reading = new Reading($exact, ($settings['decimals'] ?? null) === 'decimal');
        $native = Native::load($library)->reading($reading);
        $function = $fromEnv ? 'egito_client_from_env' : 'egito_client_new';
        $settings = $fromEnv ? Environment::fill($settings) : $settings;
        $client = $native->handle($function, 'egito_client', null, Json::object($settings, 'settings'));
        $events = new Events($native, $client);
        $logger === null ?: $events->log($logger);
        return new self($native, $client, $reading, $events);
    }

    /** @param array<string, mixed> $options */
    public function withOptions(array $options): self
    {
        $client = $this->begin('egito_client_with_options', 'egito_client', Json::object($options, 'options'));
        return new self($this->native, $client, $this->reading, $this->events);
    }

    /** The same connection, which keeps the response of its last call for response(). */
    public function withResponse(): self
    {
        $client = $this->begin('egito_client_with_response', 'egito_client');
        return new self($this->native, $client, $this->reading, $this->events);
    }

    /**
     * The response of the last call, with its result.
     *
     * @template T
     * @param T $value
     * @return Response<T>
     */
    public function response(mixed $value): Response
    {
        return Response::fromJson($value, $this->native->response($this->client));
    }

    public function events(): Events
    {
        return $this->events;
    }

    /** Checks an entity's name, and returns it. */
    public function entity(string $name): string
    {
        $this->native->checkEntity($this->client, Native::plain('entity', $name));
        return $name;
    }

    /** Calls a function of the client that hands out text, and needs no server. */
    public function text(string $function): string
    {
        return $this->native->text($function, $this->client) ?? 'null';
    }

    /** Makes a call of the client, see Native::call(). */
    public function call(string $function, string ...$arguments): string
    {
        return $this->told(fn (): ?string => $this->native->call($function, $this->client, ...$arguments)) ?? 'null';
    }

    /** Calls a function of the client that begins something. */
    public function begin(string $function, string $type, string ...$arguments): Handle
    {
        return $this->native->handle($function, $type, $this->client, ...$arguments);
    }

    /**
     * Reads a record.
     *
     * @return array<string, mixed>
     */
    public function get(string $entity, string $id): array
    {
        return !$this->reading->isPlain()
            ? $this->record($this->call('egito_php_get_json', $entity, $id))
            : $this->records($this->call('egito_php_get', $entity, $id))[0];
    }

    /**
     * The next records of a list, of one page.
     *
     * @return ?list<array<string, mixed>> null at the end
     */
    public function next(Handle $cursor, int $most = PHP_INT_MAX): ?array
    {
        if (!$this->reading->isPlain()) {
            $page = $this->told(fn () => $this->native->call('egito_php_cursor_next_page', $cursor));
            /** @var ?list<array<string, mixed>> the library gives records alone */
            return $page === null ? null : $this->decode($page);
        }
        $text = $this->told(fn () => $this->native->call('egito_php_cursor_next', $cursor, $most));
        return $text === null ? null : $this->records($text);
    }

    /**
     * The first record of a list.
     *
     * @return ?array<string, mixed> null where there is none
     */
    public function first(Handle $cursor): ?array
    {
        if (!$this->reading->isPlain()) {
            $record = $this->told(fn () => $this->native->call('egito_php_cursor_first_json', $cursor));
            return $record === null ? null : $this->record($record);
        }
        $text = $this->told(fn () => $this->native->call('egito_php_cursor_first', $cursor));
        return $text === null ? null : $this->records($text)[0];
    }

    /** Asks a question about a list. The answer is a number, true or false as JSON; null for none. */
    public function ask(string $function, Handle $cursor): ?string
    {
        return $this->told(fn () => $this->native->call($function, $cursor));
    }

    /**
     * The next step of a bulk, see Native::step().
     *
     * @return Progress|array{int, ?string, ?string, ?string}|null
     */
    public function step(Handle $bulk, bool $more): Progress|array|null
    {
        return $this->told(fn () => $this->native->step($bulk, $more));
    }

    /**
     * Makes a call, and tells what was done for it.
     *
     * @template T
     * @param \Closure(): T $call
     * @return T
     */
    private function told(\Closure $call): mixed
    {
        try {
            return $call();
        } finally {
            $this->events->tell();
        }
    }

    /**
     * What json_decode would give, in half of its time: the library writes the text, of arrays and plain values only.
     *
     * @return list<array<string, mixed>>
     */
    private function records(string $text): array
    {
        /** @var list<array<string, mixed>> $records the library gives records alone */
        $records = unserialize($text, ['allowed_classes' => false]);
        return $records;
    }

    /** @return array<string, mixed> */
    public function record(string $json): array
    {
        /** @var array<string, mixed>|\ArrayObject<string, mixed> $record the library gives objects alone */
        $record = $this->decode($json);
        return is_array($record) ? $record : $record->getArrayCopy();
    }

    public function decode(string $json): mixed
    {
        return $this->reading->decode($json);
    }

    /** The exception of a row. */
    public function failure(string $json): EgitoException
    {
        return ExceptionFactory::fromJson($json, $this->reading);
    }

    public function close(): void
    {
        $this->closed = true;
        $this->native->close($this->client);
    }

    /** Whether close() was called here. */
    public function isClosed(): bool
    {
        return $this->closed;
    }

    public function panic(): never
    {
        $this->native->panic($this->client);
    }

    private static function wrong(string $setting, string $kind): ConfigException
    {
        return ConfigException::about($setting, "the setting `$setting` has a wrong value; it is $kind");
    }
}
