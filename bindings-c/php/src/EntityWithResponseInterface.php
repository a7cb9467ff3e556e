<?php

declare(strict_types=1);

namespace Egito;

/** The methods of an EntityWithResponse, for tests that replace it. */
interface EntityWithResponseInterface
{
    /**
     * @param array<string, mixed>|object $record
     * @return Response<int|string>
     */
    public function create(array|object $record): Response;

    /**
     * @param int|string|Number $id
     * @return Response<array<string, mixed>>
     */
    public function get(mixed $id): Response;

    /**
     * @param int|string|Number $id
     * @param array<string, mixed>|object $fields
     * @return Response<int|string>
     */
    public function update(mixed $id, array|object $fields): Response;

    /**
     * @param int|string|Number $id
     * @return Response<int|string>
     */
    public function delete(mixed $id): Response;

    /**
     * @param array<string, mixed>|object $params
     * @return Response<mixed>
     */
    public function call(string $action, array|object $params = [], string $method = 'POST'): Response;
}
