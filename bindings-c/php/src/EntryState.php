<?php

declare(strict_types=1);

namespace Egito;

/** The state of an entry of an outbox. */
enum EntryState: string
{
    /** It was not sent yet, or will be sent again. */
    case Waiting = 'waiting';

    /** A worker sends it now. */
    case Sending = 'sending';

    /** The server refused it. It holds back later entries with its key until it is retried, edited or discarded. */
    case Refused = 'refused';

    /** It may have been done. It is looked for before it is sent again. */
    case Unclear = 'unclear';

    /** It is done. */
    case Delivered = 'delivered';
}
