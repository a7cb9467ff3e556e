<?php

declare(strict_types=1);

namespace Egito;

/** The outcome of a failed write: whether the server has done it, as far as that is known. Reads have no outcome. */
enum Outcome: string
{
    /** The request never reached the server, or its token was refused before anything ran. */
    case NotSent = 'not_sent';

    /** The server responded and did not do it. */
    case Rejected = 'rejected';

    /** It may have been done. */
    case Unknown = 'unknown';
}
