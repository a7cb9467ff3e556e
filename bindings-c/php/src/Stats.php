<?php

declare(strict_types=1);

namespace Egito;

/** Statistics of a client. */
final class Stats
{
    /**
     * @internal Created by a Client.
     * @param int $calls number of calls
     * @param int $attempts number of requests, without logins
     * @param int $retries number of retries
     * @param int $logins number of token requests
     * @param int $bytesSent size of all request bodies
     * @param int $bytesReceived size of all response bodies
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
