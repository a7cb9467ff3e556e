<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** 5xx after the last attempt. After a create look at `outcome` before you send it again. */
final class ServerException extends EgitoException
{
    public const CODE = 'server';
}
