<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** Too slow (never for a create that may have been done). `limit` names the limit. */
final class TimeoutException extends EgitoException
{
    public const CODE = 'timeout';
}
