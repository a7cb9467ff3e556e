<?php

declare(strict_types=1);

namespace Egito\Tests;

/** Requests of one PHP-FPM worker that end with a fatal error, for which PHP calls no destructors. */
final class FatalErrorTest extends TestCase
{
    private const REQUESTS = 200;

    /** Prints how many descriptors and threads the worker has, after a new request has created its client. */
    private const COUNT = 'echo count(scandir("/proc/self/fd")), " ", count(scandir("/proc/self/task"));';

    public function testWorkerCleansUpAfterRequestsThatRanOutOfMemory(): void
    {
        self::checkWorker('ini_set("memory_limit", "16M"); str_repeat("x", 100 << 20);');
    }

    public function testWorkerCleansUpAfterRequestsThatRanOutOfTime(): void
    {
        $sigprof = 27; // as PHP's own timer
        self::checkWorker("set_time_limit(30); posix_kill(getmypid(), $sigprof); while (true) {}");
    }

    public function testWorkerCleansUpAfterUserErrors(): void
    {
        self::checkWorker('error_reporting(E_ALL & ~E_DEPRECATED); trigger_error("enough", E_USER_ERROR);');
    }

    /** Compares what a worker has open after a few and after many fatal errors. */
    private static function checkWorker(string $fatal): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Account' => 20]]);
        $settings = ['ffi.enable' => '1', 'display_errors' => '1', 'extension' => 'posix'];
        $fpm = new Fpm(self::$sandbox, $settings, workers: 1);
        try {
            $counts = [];
            foreach ([3, self::REQUESTS] as $requests) {
                for ($i = 0; $i < $requests; $i++) {
                    $output = $fpm->request(self::script($fatal))[0];
                    self::assertStringContainsString('alive', $output);
                    self::assertStringContainsString('Fatal error', $output);
                }
                $counts[] = array_map(intval(...), explode(' ', $fpm->request(self::script(self::COUNT))[0]));
            }
        } finally {
            $fpm->stop();
        }
        [[, $descriptors, $threads], [, $laterDescriptors, $laterThreads]] = $counts;
        self::assertEqualsWithDelta($descriptors, $laterDescriptors, 19, 'descriptors');
        self::assertEqualsWithDelta($threads, $laterThreads, 4, 'threads');
    }

    /** Opens a client, a list that is read ahead and a bulk in flight, then runs the given code. */
    private static function script(string $code): string
    {
        return self::requireAutoload() . '$accounts = Egito\Client::fromEnv(["prefetch" => 2])->accounts();'
            . '$pages = $accounts->list(pageSize: 1)->pages(); $pages->current(); $pages->next(); $pages->current();'
            . '$rows = $accounts->streamGetMany([1, 2, 3, 4]); $rows->current(); echo "alive "; ' . $code;
    }
}
