<?php

declare(strict_types=1);

namespace Egito;

/** A kind of thing in the CRM, such as `Account`, and what is done to its records. */
final class Entity
{
    /** @internal Made by a Client. */
    public function __construct(private readonly Connection $connection, public readonly string $name)
    {
    }

    /**
     * Saves a new record and gives its id. Sent again only where it surely was not done.
     *
     * @param array<string, mixed>|object $record
     * @throws Exception\ValidationException with the server's complaints
     * @throws Exception\OutcomeUnknownException where the answer was lost, with the record that was sent
     */
    public function create(array|object $record): int|string
    {
        return self::id($this->text('egito_create', record_json: Json::object($record, 'record')));
    }

    /**
     * Reads one record.
     *
     * @param int|string|Number $id
     * @return array<string, mixed>
     * @throws Exception\NotFoundException
     */
    public function get(mixed $id): array
    {
        return $this->connection->decode($this->text('egito_get', id: self::sent($id)));
    }

    /**
     * Changes the given fields of a record and gives its id.
     *
     * @param int|string|Number $id
     * @param array<string, mixed>|object $fields
     * @throws Exception\ValidationException with the server's complaints
     * @throws Exception\NotFoundException
     */
    public function update(mixed $id, array|object $fields): int|string
    {
        $fields = Json::object($fields, 'record');
        return self::id($this->text('egito_update', id: self::sent($id), fields_json: $fields));
    }

    /**
     * Deletes a record and gives its id.
     *
     * @param int|string|Number $id
     * @throws Exception\NotFoundException
     */
    public function delete(mixed $id): int|string
    {
        return self::id($this->text('egito_delete', id: self::sent($id)));
    }

    /**
     * The entity's records, lazily: nothing is sent before the list is read.
     *
     * @param array<string, mixed> $filters names and values, handed to the server as they are
     * @param ?string $order `asc` or `desc`
     * @param ?int $pageSize records asked for in one request, instead of the setting `page_size`
     */
    public function list(
        array $filters = [],
        ?string $sort = null,
        ?string $order = null,
        ?int $pageSize = null,
    ): RecordList {
        $options = ['filters' => (object) $filters, 'sort' => $sort, 'order' => $order, 'page_size' => $pageSize];
        $options = Json::object(array_filter($options, static fn (mixed $option): bool => $option !== null), 'list');
        return new RecordList($this->connection, 'egito_list', ['entity' => $this->name, 'options_json' => $options]);
    }

    /**
     * Calls any other action of the API and gives its answer, whatever JSON it is. It is sent once.
     *
     * @param array<string, mixed>|object $params
     * @param string $method `POST`, or `GET` or `DELETE`, which send the parameters in the query
     * @throws Exception\OutcomeUnknownException where the answer was lost
     */
    public function call(string $action, array|object $params = [], string $method = 'POST'): mixed
    {
        $params = Json::object($params, 'params');
        return $this->connection->decode(
            $this->text('egito_call', action: $action, params_json: $params, method: $method),
        );
    }

    /** An id as JSON. Without strict types PHP would turn `true` into 1, and delete that record. */
    private static function sent(mixed $id): string
    {
        if (!is_int($id) && !is_string($id) && !$id instanceof Number) {
            $message = 'an id is an int or a text, not ' . get_debug_type($id) . '; nothing was sent';
            throw Exception\ConfigException::about('id', $message);
        }
        return Json::encode($id, 'id');
    }

    private function text(string $function, string ...$arguments): string
    {
        return $this->connection->text($function, ['entity' => $this->name] + $arguments);
    }

    /** An id is a number or a text, and stays what it was; a number that is no int of PHP's comes as its digits. */
    private static function id(string $json): int|string
    {
        $id = json_decode($json, flags: JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR);
        return is_float($id) ? $json : $id;
    }
}
