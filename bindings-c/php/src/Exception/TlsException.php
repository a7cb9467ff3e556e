<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** The server's certificate was refused. */
final class TlsException extends EgitoException
{
    public const CODE = 'tls';
}
