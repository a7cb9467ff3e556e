<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** The answer to a create or call was lost: it may have been done. Look for `record` before you send it again. */
final class OutcomeUnknownException extends EgitoException
{
    public const CODE = 'outcome_unknown';
}
