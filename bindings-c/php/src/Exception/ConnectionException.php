<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** No connection, or it broke. */
final class ConnectionException extends EgitoException
{
    public const CODE = 'connection';
}
