<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** A redirect, HTML, broken JSON, no id, too large: not an answer of the API. See `contentType` and `bodyStart`. */
final class UnexpectedResponseException extends EgitoException
{
    public const CODE = 'unexpected_response';
}
