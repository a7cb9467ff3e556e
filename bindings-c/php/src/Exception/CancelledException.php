<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** The caller gave up. */
final class CancelledException extends EgitoException
{
    public const CODE = 'cancelled';
}
