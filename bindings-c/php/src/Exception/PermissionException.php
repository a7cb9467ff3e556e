<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** 403: the user or the integration lacks a right. `category` names it. */
final class PermissionException extends EgitoException
{
    public const CODE = 'permission';
}
