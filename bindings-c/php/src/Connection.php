<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/**
 * @internal State that a client, its entities and its lists share: the library, the client's handle and how values are
 *     decoded.
 *
 * @phpstan-import-type Row from Native
 */
final class Connection
{
    private bool $closed = false;

    /** @var array<string, true> names of entities that are valid */
    private array $checked = [];

    private function __construct(
        public readonly Native $native,
        private readonly Handle $client,
        private readonly DecodeOptions $decode,
        private readonly Events $events,
    ) {
    }

    /** @param array<string, mixed> $settings */
    public static function open(
        #[\SensitiveParameter]
        array $settings,
        bool $fromEnv,
        ?string $file,
    ): self {
        $library = $settings['library'] ?? null;
        $exact = $settings['exact'] ?? false;
        $logger = $settings['logger'] ?? null;
        unset($settings['library'], $settings['exact'], $settings['logger']);
        if ($library !== null && !is_string($library)) {
            throw self::invalid('library', 'a path', $library);
        }
        if (!is_bool($exact)) {
            throw self::invalid('exact', 'true or false', $exact);
        }
        if ($logger !== null && !is_object($logger)) {
            throw self::invalid('logger', 'a PSR-3 logger with a method `log`', $logger);
        }
        $decode = new DecodeOptions($exact, ($settings['decimals'] ?? null) === 'decimal');
        $native = Native::load($library)->withDecodeOptions($decode);
        $function = $fromEnv ? 'egito_client_from_env' : 'egito_client_new';
        $settings = $fromEnv ? Environment::fill($settings) : $settings;
        $json = Json::object($settings, 'settings');
        $client = $file === null
            ? $native->handle($function, 'egito_client', null, $json)
            : $native->handle('egito_client_from_file', 'egito_client', null, Native::withoutNul('path', $file), $json);
        $events = new Events($native, $client);
        $logger === null ?: $events->log($logger);
        return new self($native, $client, $decode, $events);
    }

    /** @param array<string, mixed> $options */
    public function withOptions(array $options): self
    {
        $client = $this->begin('egito_client_with_options', 'egito_client', Json::object($options, 'options'));
        return new self($this->native, $client, $this->decode, $this->events);
    }

    /** Returns the same connection, but keeps the response of its last call for response(). */
    public function withResponse(): self
    {
        $client = $this->begin('egito_client_with_response', 'egito_client');
        return new self($this->native, $client, $this->decode, $this->events);
    }

    /**
     * Returns the response of the last call, together with its result.
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

    /** Checks the name of an entity and returns it. */
    public function checkEntity(string $name): string
    {
        if (!isset($this->checked[$name])) {
            $this->native->checkEntity($this->client, Native::withoutNul('entity', $name));
            $this->checked[$name] = true;
        }
        return $name;
    }

    /** Calls a function of the client that returns a string and sends nothing. */
    public function text(string $function): string
    {
        return $this->native->text($function, $this->client) ?? 'null';
    }

    /** Calls the server. See Native::call(). */
    public function call(string $function, string ...$arguments): string
    {
        try {
            return $this->native->call($function, $this->client, ...$arguments) ?? 'null';
        } finally {
            $this->events->deliver();
        }
    }

    /** Calls a function of the client that returns a new handle. */
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
        return !$this->decode->isPlain()
            ? $this->record($this->call('egito_php_get_json', $entity, $id))
            : $this->records($this->call('egito_php_get', $entity, $id))[0];
    }

    /**
     * Returns the next records of a list, at most the rest of one page.
     *
     * @return ?list<array<string, mixed>> null at the end
     */
    public function next(Handle $cursor, int $maximum = PHP_INT_MAX): ?array
    {
        if (!$this->decode->isPlain()) {
            $page = $this->withEvents(fn () => $this->native->call('egito_php_cursor_next_page', $cursor));
            /** @var ?list<array<string, mixed>> records are objects */
            return $page === null ? null : $this->decode($page);
        }
        $text = $this->withEvents(fn () => $this->native->call('egito_php_cursor_next', $cursor, $maximum));
        return $text === null ? null : $this->records($text);
    }

    /**
     * Returns the first record of a list.
     *
     * @return ?array<string, mixed> null if the list is empty
     */
    public function first(Handle $cursor): ?array
    {
        if (!$this->decode->isPlain()) {
            $record = $this->withEvents(fn () => $this->native->call('egito_php_cursor_first_json', $cursor));
            return $record === null ? null : $this->record($record);
        }
        $text = $this->withEvents(fn () => $this->native->call('egito_php_cursor_first', $cursor));
        return $text === null ? null : $this->records($text)[0];
    }

    /** Runs a query about a list. Returns a number, true or false as JSON; null if the server does not report it. */
    public function query(string $function, Handle $cursor): ?string
    {
        return $this->withEvents(fn () => $this->native->call($function, $cursor));
    }

    /**
     * Waits for the next step of a bulk. See Native::step().
     *
     * @return Progress|array<string, mixed>|null
     * @phpstan-return Progress|Row|null
     */
    public function step(Handle $bulk, bool $more): Progress|array|null
    {
        return $this->withEvents(fn () => $this->native->step($bulk, $more));
    }

    /** Sends the entries of an outbox, and returns the delivery as JSON. */
    public function deliver(Handle $outbox, int $limit): string
    {
        $call = fn () => $this->native->call('egito_php_outbox_deliver', $outbox, $limit);
        return $this->withEvents($call) ?? 'null';
    }

    /**
     * Runs a call, then delivers the events that were queued meanwhile.
     *
     * @template T
     * @param \Closure(): T $call
     * @return T
     */
    private function withEvents(\Closure $call): mixed
    {
        try {
            return $call();
        } finally {
            $this->events->deliver();
        }
    }

    /**
     * Returns what json_decode() would return, in half the time. The library writes the text: arrays and plain values
     * only.
     *
     * @return list<array<string, mixed>>
     */
    private function records(string $text): array
    {
        /** @var list<array<string, mixed>> $records records are objects */
        $records = unserialize($text, ['allowed_classes' => false]);
        return $records;
    }

    /** @return array<string, mixed> */
    public function record(string $json): array
    {
        /** @var array<string, mixed>|\ArrayObject<string, mixed> $record the library returns only objects */
        $record = $this->decode($json);
        return is_array($record) ? $record : $record->getArrayCopy();
    }

    public function decode(string $json): mixed
    {
        return $this->decode->decode($json);
    }

    /** Returns the exception of a failed row. */
    public function exception(string $json): EgitoException
    {
        return ExceptionFactory::fromJson($json, $this->decode);
    }

    public function close(): void
    {
        $this->closed = true;
        $this->native->close($this->client);
    }

    /** Returns whether close() was called on this object. */
    public function isClosed(): bool
    {
        return $this->closed;
    }

    private static function invalid(string $setting, string $expected, mixed $value): ConfigException
    {
        $type = get_debug_type($value);
        return ConfigException::about($setting, "invalid `$setting`: expected $expected, got $type");
    }
}
