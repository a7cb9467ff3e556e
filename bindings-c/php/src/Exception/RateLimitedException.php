<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** 429 after the last attempt: wait `retryAfter` seconds. */
final class RateLimitedException extends EgitoException
{
    public const CODE = 'rate_limited';
}
