<?php

declare(strict_types=1);

namespace Egito;

/**
 * A client for one customer's Egito.
 *
 *     $client = new Client(['name' => 'firma', 'client_id' => …, 'client_secret' => …, 'username' => …, …]);
 *     $id = $client->accounts()->create(['name' => 'Żubr sp. z o.o.']);
 *
 * The first call logs in. Every failure is an EgitoException; its class says what went wrong.
 *
 * @phpstan-import-type ClientSettings from Settings
 * @phpstan-import-type CallSettings from Settings
 */
final class Client implements ClientInterface
{
    public const VERSION = Library::VERSION;

    private Connection $connection;

    /**
     * @param array<string, mixed> $settings the settings that Settings documents, and three of this package:
     *     `library` (path of libegito), `exact` (see README.md) and `logger` (see setLogger())
     * @phpstan-param ClientSettings $settings
     * @param bool $fromEnv whether to read missing settings from the environment, see fromEnv()
     * @param ?string $file path of a file to read missing settings from, see fromFile()
     */
    public function __construct(
        #[\SensitiveParameter]
        array $settings,
        bool $fromEnv = false,
        ?string $file = null,
    ) {
        $this->connection = Connection::open($settings, $fromEnv, $file);
    }

    /**
     * Creates a client from EGITO_NAME (or EGITO_BASE_URL), EGITO_API_ID, EGITO_API_SECRET, EGITO_USERNAME and
     * EGITO_PASSWORD. They are read from $_ENV, from $_SERVER (FastCGI parameters of a web server) or from the
     * environment of the process. In the environment of the process, EGITO_CONFIG can name a file with other settings,
     * see fromFile().
     *
     * @param array<string, mixed> $settings override those of the environment
     * @phpstan-param ClientSettings $settings
     */
    public static function fromEnv(
        #[\SensitiveParameter]
        array $settings = [],
    ): self {
        return new self($settings, fromEnv: true);
    }

    /**
     * Creates a client from a TOML file with settings, under their names in snake_case. The environment is not read.
     *
     * @param array<string, mixed> $settings override those of the file
     * @phpstan-param ClientSettings $settings
     * @throws Exception\ConfigException with the path and the line of an unknown or invalid setting
     */
    public static function fromFile(
        string $path,
        #[\SensitiveParameter]
        array $settings = [],
    ): self {
        return new self($settings, file: $path);
    }

    /**
     * Returns every error code that the library knows, and its class.
     *
     * @return array<string, class-string<EgitoException>>
     */
    public static function errorClasses(): array
    {
        $codes = array_keys(Native::load()->codes());
        return array_combine($codes, array_map(ExceptionFactory::classOf(...), $codes));
    }

    public function accounts(): Entity
    {
        return $this->entity('Account');
    }

    public function contacts(): Entity
    {
        return $this->entity('Contact');
    }

    public function opportunities(): Entity
    {
        return $this->entity('Opportunity');
    }

    public function leads(): Entity
    {
        return $this->entity('Lead');
    }

    /** Returns any entity, such as `Offer`. */
    public function entity(string $name): Entity
    {
        return new Entity($this->connection, $name);
    }

    /** Returns the entries of a dictionary, such as `industry`, as a lazy list. */
    public function dictionary(string $type): RecordList
    {
        return new RecordList($this->connection, 'egito_dictionary', [Native::withoutNul('type', $type), '{}']);
    }

    /**
     * Calls a custom action of the API. See Entity::call().
     *
     * @param array<string, mixed>|object $params
     */
    public function call(string $entity, string $action, array|object $params = [], string $method = 'POST'): mixed
    {
        return $this->entity($entity)->call($action, $params, $method);
    }

    /**
     * Opens the outbox in this file: writes are stored in it first, and sent later, once and in order.
     *
     * @param string $path path of the file, in an existing folder; the file is created by the first write
     * @param float $keepDays for how many days delivered entries are kept; during this time, putting a record with the
     *     same key does nothing
     * @param int $concurrency maximum number of calls in flight of a delivery
     * @param ?string $lookup how a delivery looks for records, instead of the lookup of each entry: `filter`, `scan` or
     *     `auto`
     * @throws Exception\ConfigException for an invalid argument
     */
    public function outbox(
        string $path,
        float $keepDays = 30.0,
        int $concurrency = 8,
        ?string $lookup = null,
    ): Outbox {
        $options = ['keep_days' => $keepDays, 'concurrency' => $concurrency, 'lookup' => $lookup];
        $options = Json::object($options, 'options');
        $path = Native::withoutNul('path', $path);
        $handle = $this->connection->begin('egito_outbox_new', 'egito_outbox', $path, $options);
        return new Outbox($this->connection, $handle);
    }

    /**
     * Returns the same client with other settings for its calls, such as `timeout`, `max_retries` or `page_size`. Both
     * share the login, the connections and the statistics, and closing one closes both.
     *
     *     $client->withOptions(['timeout' => 2])->accounts()->get($id);
     *
     * @param array<string, mixed> $options
     * @phpstan-param CallSettings $options
     * @throws Exception\ConfigException for an invalid value, or for a setting that single calls cannot have
     */
    public function withOptions(array $options): self
    {
        $other = clone $this;
        $other->connection = $this->connection->withOptions($options);
        return $other;
    }

    /**
     * Sets a listener that is called for each attempt and login. It receives an array with the fields that events have
     * in all languages: `action`, `entity`, `attempt`, `status`, `code`, `elapsed` …
     *
     * Events are queued until the call returns, and are then delivered on PHP's thread. Events of pages that are read
     * ahead come with the next page. Exceptions of the listener are ignored. null removes the listener.
     *
     *     $client->onEvent(fn (array $event) => $timer->observe($event['elapsed'], [$event['action']]));
     *
     * @param ?callable(array<string, mixed>): mixed $listener
     */
    public function onEvent(?callable $listener): void
    {
        $this->connection->events()->listen($listener);
    }

    /**
     * Logs each attempt to a PSR-3 logger: with the level `debug`, or `warning` if it failed. The context is the event,
     * see onEvent(). It contains no secrets, records or filters. null removes the logger. The setting `logger` does the
     * same.
     *
     * @param ?object $logger a Psr\Log\LoggerInterface
     */
    public function setLogger(?object $logger): void
    {
        $this->connection->events()->log($logger);
    }

    /**
     * Checks the settings on the server, and finds those that it needs. It logs in two or three times, sends about 25
     * reads, and writes nothing unless `$write` asks for it. Failed checks are part of the report.
     *
     * @param ?list<string> $entities entities whose lists are read; default: Account, Contact, Lead and Opportunity
     * @param ?string $write also creates, changes and deletes one marked test record of this entity
     * @param array<string, mixed>|object|null $record fields of the test record
     * @param float $timeout maximum duration in seconds
     * @throws Exception\ConfigException for an invalid argument
     */
    public function probe(
        ?array $entities = null,
        ?string $write = null,
        array|object|null $record = null,
        float $timeout = 120.0,
    ): ProbeReport {
        $options = ['entities' => $entities, 'write' => $write, 'record' => $record, 'timeout' => $timeout];
        $options = array_filter($options, static fn (mixed $value): bool => $value !== null);
        return ProbeReport::fromJson($this->connection->call('egito_php_probe', Json::object($options, 'options')));
    }

    /** Returns what this client has done so far. */
    public function stats(): Stats
    {
        /** @var array<string, int> $stats */
        $stats = $this->connection->decode($this->connection->text('egito_client_stats'));
        return new Stats(
            $stats['calls'],
            $stats['attempts'],
            $stats['retries'],
            $stats['logins'],
            $stats['bytes_sent'],
            $stats['bytes_received'],
        );
    }

    /**
     * Closes idle connections. Later calls fail with a ConfigException. A client that is not closed is closed with its
     * last reference.
     */
    public function close(): void
    {
        $this->connection->close();
    }
}
