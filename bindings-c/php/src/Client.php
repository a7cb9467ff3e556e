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
final class Client
{
    public const VERSION = Library::VERSION;

    private Connection $connection;

    /**
     * @param array<string, mixed> $settings as in the reference of settings, and two of this package: `library`, the
     *     path of libegito, and `exact`, see README.md
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
     * A client from EGITO_NAME (or EGITO_BASE_URL), EGITO_API_ID, EGITO_API_SECRET, EGITO_USERNAME and EGITO_PASSWORD.
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
