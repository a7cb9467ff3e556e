<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** The login was refused: see `oauthError` and `oauthDescription`. Do not try again in a loop, it can lock the user. */
final class AuthException extends EgitoException
{
    public const CODE = 'auth';
}
