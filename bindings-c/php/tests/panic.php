<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Client;
use Egito\ExceptionFactory;
use Egito\Handle;

/**
 * Calls a function of the library that panics, and throws its error. Only builds with the cargo feature `test-panic`
 * have that function, so the package does not declare it.
 */
function panicInLibrary(Client $client): never
{
    $panic = function (Handle $handle): never {
        $error = $this->c->new($this->error);
        $library = \FFI::cdef('int egito_panic_for_tests(const void *client, void *error);');
        $library->egito_panic_for_tests($this->pointer($handle), \FFI::addr($error));
        throw ExceptionFactory::fromJson($this->takeError($error), $this->decode);
    };
    $connection = (fn () => $this->connection)->call($client);
    $handle = (fn () => $this->client)->call($connection);
    $panic->call($connection->native, $handle);
}
