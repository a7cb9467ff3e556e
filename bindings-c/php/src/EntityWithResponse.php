<?php

declare(strict_types=1);

namespace Egito;

/** An entity whose calls return a Response, see Entity::withResponse(). They throw the same exceptions as Entity. */
final class EntityWithResponse implements EntityWithResponseInterface
{
    /**
     * @internal Created by an Entity.
     * @param Connection $connection a connection that keeps responses
     * @param EntityInterface $entity the entity on this connection
     */
    public function __construct(
        private readonly Connection $connection,
        private readonly EntityInterface $entity,
        public readonly string $name,
    ) {
    }

    /**
     * Creates a record. See Entity::create().
     *
     * @param array<string, mixed>|object $record
     * @return Response<int|string>
     */
    public function create(array|object $record): Response
    {
        return $this->connection->response($this->entity->create($record));
    }

    /**
     * Reads one record. See Entity::get().
     *
     * @param int|string|Number $id
     * @return Response<array<string, mixed>>
     */
    public function get(mixed $id): Response
    {
        return $this->connection->response($this->entity->get($id));
    }

    /**
     * Changes the given fields of a record. See Entity::update().
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
     * Deletes a record. See Entity::delete(). If an earlier attempt had already deleted it, the response is the one of
     * the retry, with status 404.
     *
     * @param int|string|Number $id
     * @return Response<int|string>
     */
    public function delete(mixed $id): Response
    {
        return $this->connection->response($this->entity->delete($id));
    }

    /**
     * Calls a custom action of the API. See Entity::call().
     *
     * @param array<string, mixed>|object $params
     * @return Response<mixed>
     */
    public function call(string $action, array|object $params = [], string $method = 'POST'): Response
    {
        return $this->connection->response($this->entity->call($action, $params, $method));
    }
}
