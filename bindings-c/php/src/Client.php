<?php

declare(strict_types=1);

namespace Egito;

/**
 * The connection to one customer's Egito.
 *
 *     $client = new Client(['name' => 'firma', 'client_id' => …, 'client_secret' => …, 'username' => …, …]);
 *     $id = $client->accounts()->create(['name' => 'Żubr sp. z o.o.']);
 *
 * The first call logs in. Every failure is an EgitoException; its class tells what went wrong.
 */
final class Client implements ClientInterface
{
    public const VERSION = Library::VERSION;

    private Connection $connection;

    /**
     * @param array<string, mixed> $settings as in the reference of settings, and three of this package: `library`, the
     *     path of libegito, `exact`, see README.md, and `logger`, see setLogger()
     * @param bool $fromEnv whether what is not in the settings is looked for in the environment, see fromEnv()
     */
    public function __construct(
        #[\SensitiveParameter]
        array $settings,
        bool $fromEnv = false,
    ) {
        $this->connection = Connection::open($settings, $fromEnv);
    }

    /**
     * A client from EGITO_NAME (or EGITO_BASE_URL), EGITO_API_ID, EGITO_API_SECRET, EGITO_USERNAME and EGITO_PASSWORD, wherever PHP
     * has them: in $_ENV, in $_SERVER (a web server's FastCGI parameters) or in the environment of the process.
     *
     * @param array<string, mixed> $settings go before those of the environment
     */
    public static function fromEnv(
        #[\SensitiveParameter]
        array $settings = [],
    ): self {
        return new self($settings, fromEnv: true);
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

    /** Any entity, such as `Offer`. */
    public function entity(string $name): Entity
    {
        return new Entity($this->connection, $name);
    }

    /** The entries of a dictionary, such as `industry`. */
    public function dictionary(string $type): RecordList
    {
        return new RecordList($this->connection, 'egito_dictionary', [Native::plain('type', $type), '{}']);
    }

    /**
     * Any other action of the API; see Entity::call().
     *
     * @param array<string, mixed>|object $params
     */
    public function call(string $entity, string $action, array|object $params = [], string $method = 'POST'): mixed
    {
        return $this->entity($entity)->call($action, $params, $method);
    }

    /**
     * The same client, whose calls go by other settings: those of a call, such as `timeout`, `max_retries` or `page_size`.
     * Login, connections and stats are shared, and closing one closes both.
     *
     *     $client->withOptions(['timeout' => 2])->accounts()->get($id);
     *
     * @param array<string, mixed> $options
     * @throws Exception\ConfigException for a wrong value, or a setting that belongs to the whole client
     */
    public function withOptions(array $options): self
    {
        $other = clone $this;
        $other->connection = $this->connection->withOptions($options);
        return $other;
    }

    /**
     * Calls a function after each attempt and login, with an array as in the events of all languages: `action`, `entity`, `attempt`,
     * `status`, `code`, `elapsed` … Events are kept until the call returns, and are then given on PHP's own thread; those of pages
     * that are read ahead come with the next page. What the function throws is ignored. null for none.
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
     * Writes each attempt to a logger of PSR-3: at the level `debug`, or `warning` where it failed. The context is the event, see
     * onEvent(). Secrets, records and filters stand in none. null for none. The setting `logger` does the same.
     *
     * @param ?object $logger a Psr\Log\LoggerInterface
     */
    public function setLogger(?object $logger): void
    {
        $this->connection->events()->log($logger);
    }

    /** What this client has done so far. */
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

    /** Closes idle connections. Calls that begin later fail with a ConfigException. Without it, a client closes when nobody holds it. */
    public function close(): void
    {
        $this->connection->close();
    }

    /** @internal Panics inside the library, so that a test can see it come out as an InternalException. */
    public function panicForTests(): never
    {
        $this->connection->panic();
    }
}
