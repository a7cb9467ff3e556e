<?php

declare(strict_types=1);

namespace Egito;

/** How far a bulk is. */
final class Progress
{
    /**
     * @param int $done rows so far, failed ones included
     * @param int $failed rows with an error
     */
    public function __construct(public readonly int $done, public readonly int $failed)
    {
    }
}
