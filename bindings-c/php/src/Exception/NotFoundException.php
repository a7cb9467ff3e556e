<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** There is no such record. */
final class NotFoundException extends EgitoException
{
    public const CODE = 'not_found';
}
