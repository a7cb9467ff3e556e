<?php

declare(strict_types=1);

namespace Egito;

/** How an upsert changed the stored record. */
enum Change: string
{
    /** No record had the key, so it was created. */
    case Created = 'created';

    /** One record has the key, and some of its fields were updated. */
    case Updated = 'updated';

    /** One record has the key, and all given fields have these values. Nothing was written. */
    case Unchanged = 'unchanged';

    /** Several records have the key. Nothing was written. */
    case Ambiguous = 'ambiguous';
}
