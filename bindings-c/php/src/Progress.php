<?php

declare(strict_types=1);

namespace Egito;

/** How far a bulk is. */
final class Progress
{
    /**
     * @param int $done calls that have finished, in whatever order
     * @param int $failed those of them that failed
     */
    public function __construct(public readonly int $done, public readonly int $failed)
    {
    }
}
