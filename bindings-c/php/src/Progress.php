<?php

declare(strict_types=1);

namespace Egito;

/** Progress of a bulk. */
final class Progress
{
    /**
     * @param int $done number of finished calls, in any order
     * @param int $failed number of finished calls that failed
     */
    public function __construct(public readonly int $done, public readonly int $failed)
    {
    }
}
