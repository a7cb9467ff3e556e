<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** A bug in the library; please report it with `cause`. */
final class InternalException extends EgitoException
{
    public const CODE = 'internal';
}
