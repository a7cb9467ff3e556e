<?php

declare(strict_types=1);

namespace Egito;

/**
 * Options of a bulk. All of them have defaults.
 *
 *     $rows = $client->leads()->createMany($leads, new BulkOptions(concurrency: 4, maxFailures: 100));
 */
final class BulkOptions
{
    /**
     * @param int $concurrency maximum number of calls in flight
     * @param ?int $maxFailures stops the bulk after this number of failed rows. The remaining inputs get rows with a
     *     CancelledException and the outcome `not_sent`. null: no limit
     * @param float $outageTimeout maximum duration of an outage, in seconds. While the server does not respond, the
     *     bulk pauses and probes it. After this time it gives up: every further input gets a row with a
     *     ConnectionException and the outcome `not_sent`. 0: it never pauses
     * @param float $cancelGrace seconds that calls in flight get to finish after BulkRows::rest()
     * @param ?\Closure(Progress): mixed $onProgress called after each call that finishes. An exception that it throws
     *     ends the bulk; BulkRows::of() returns the rows of that exception
     * @param ?string $journal path of a file that keeps what was done. The same bulk with the same journal, also after
     *     a crash, continues where it stopped: rows that were done are returned from the journal
     */
    public function __construct(
        public readonly int $concurrency = 8,
        public readonly ?int $maxFailures = null,
        public readonly float $outageTimeout = 300.0,
        public readonly float $cancelGrace = 5.0,
        public readonly ?\Closure $onProgress = null,
        public readonly ?string $journal = null,
    ) {
    }

    /**
     * @internal Returns the options of the library as JSON.
     * @param array<string, mixed> $keyOptions
     */
    public function toJson(array $keyOptions = []): string
    {
        $journal = $this->journal === null ? [] : ['journal' => $this->journal];
        return Json::object($keyOptions + $journal + [
            'concurrency' => $this->concurrency,
            'max_failures' => $this->maxFailures,
            'outage_timeout' => $this->outageTimeout,
            'cancel_grace' => $this->cancelGrace,
        ], 'options');
    }
}
