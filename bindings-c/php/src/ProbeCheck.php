<?php

declare(strict_types=1);

namespace Egito;

/** One check of a ProbeReport. */
final class ProbeCheck
{
    /**
     * @internal Created by a ProbeReport.
     * @param string $name stable name, such as `list_offset`
     * @param ?string $entity the entity that was checked, if the check is about one
     * @param string $status `ok`; `skipped`: the message says why; `unknown`: the server does not show it; `warning`:
     *     it works, with a restriction; `problem`: it does not work
     * @param string $message the observation
     * @param ?string $advice what to do about it
     * @param string $mark mark in the wire contract: `A` if the check is about an assumption; empty otherwise
     */
    public function __construct(
        public readonly string $name,
        public readonly ?string $entity,
        public readonly string $status,
        public readonly string $message,
        public readonly ?string $advice,
        public readonly string $mark,
    ) {
    }
}
