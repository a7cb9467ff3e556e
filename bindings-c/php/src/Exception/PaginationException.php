<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** The list cannot be read completely. `seen` says what was seen. */
final class PaginationException extends EgitoException
{
    public const CODE = 'pagination';
}
