<?php

declare(strict_types=1);

namespace Egito;

/** What a client has done so far. */
final class Stats
{
    /**
     * @internal Made by a Client.
     * @param int $calls that were begun
     * @param int $attempts requests, logins not counted
     * @param int $retries attempts after the first of their call
     * @param int $logins requests for a token
     * @param int $bytesSent of bodies
     * @param int $bytesReceived of bodies
     */
    public function __construct(
        public readonly int $calls,
        public readonly int $attempts,
        public readonly int $retries,
        public readonly int $logins,
        public readonly int $bytesSent,
        public readonly int $bytesReceived,
    ) {
    }
}
