<?php

declare(strict_types=1);

namespace Egito;

/** An entity whose calls give a Response, see Entity::withResponse(). They throw what those of an entity throw. */
final class EntityWithResponse implements EntityWithResponseInterface
{
    /**
     * @internal Made by an Entity.
     * @param Connection $connection one that keeps responses
     * @param EntityInterface $entity the entity on this connection
     */
    public function __construct(
        private readonly Connection $connection,
        private readonly EntityInterface $entity,
        public readonly string $name,
    ) {
    }

    /**
     * Saves a new record, see Entity::create().
     *
     * @param array<string, mixed>|object $record
     * @return Response<int|string>
     */
    public function create(array|object $record): Response
    {
        return $this->connection->response($this->entity->create($record));
    }

    /**
     * Reads one record, see Entity::get().
     *
     * @param int|string|Number $id
     * @return Response<array<string, mixed>>
     */
    public function get(mixed $id): Response
    {
        return $this->connection->response($this->entity->get($id));
    }

    /**
     * Changes the given fields of a record, see Entity::update().
     *
     * @param int|string|Number $id
     * @param array<string, mixed>|object $fields
     * @return Response<int|string>
     */
    public function update(mixed $id, array|object $fields): Response
    {
        return $this->connection->response($this->entity->update($id, $fields));
    }

    /**
     * Deletes a record, see Entity::delete(). Where an earlier attempt has deleted it already, the response is that of the retry,
     * with status 404.
     *
     * @param int|string|Number $id
     * @return Response<int|string>
     */
    public function delete(mixed $id): Response
    {
        return $this->connection->response($this->entity->delete($id));
    }

    /**
     * Calls any other action of the API, see Entity::call().
     *
     * @param array<string, mixed>|object $params
     * @return Response<mixed>
     */
    public function call(string $action, array|object $params = [], string $method = 'POST'): Response
    {
        return $this->connection->response($this->entity->call($action, $params, $method));
    }
}
