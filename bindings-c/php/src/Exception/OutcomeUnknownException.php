<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;

/** A create or call may have been done: its answer was lost, a 5xx, a redirect … Look for `record` before you send it again. */
final class OutcomeUnknownException extends EgitoException
{
    public const CODE = 'outcome_unknown';
}
