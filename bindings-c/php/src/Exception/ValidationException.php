<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** The server refused the record: `errors` says which fields are wrong. */
final class ValidationException extends EgitoException
{
    public const CODE = 'validation';
}
