<?php

/** Requests that end by a fatal error, for which PHP calls no destructors, in one worker of PHP-FPM. */

declare(strict_types=1);

require_once __DIR__ . '/fpm.php';

const DEATHS = 200;

/** A client with a list that is read ahead and a bulk in flight, and then the end. */
$die = static fn (string $by): string => 'require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . ';'
    . '$accounts = Egito\Client::fromEnv(["prefetch" => 2])->accounts();'
    . '$pages = $accounts->list(pageSize: 1)->pages(); $pages->current(); $pages->next(); $pages->current();'
    . '$rows = $accounts->getMany([1, 2, 3, 4], stream: true); $rows->current(); echo "alive "; ' . $by;

/** What a worker has open, once a new request has made its client. */
$count = 'echo count(scandir("/proc/self/fd")), " ", count(scandir("/proc/self/task"));';

/** After a few deaths and after many. */
$open = static function (Sandbox $sandbox, string $by) use ($die, $count): array {
    $sandbox->control('POST', 'reset', ['records' => ['Account' => 20]]);
    $fpm = new Fpm($sandbox, ['ffi.enable' => '1', 'display_errors' => '1', 'extension' => 'posix'], workers: 1);
    try {
        $counts = [];
        foreach ([3, DEATHS] as $deaths) {
            for ($death = 0; $death < $deaths; $death++) {
                contains('alive', $answer = $fpm->answers($die($by))[0]);
                contains('Fatal error', $answer);
            }
            $counts[] = array_slice(explode(' ', $fpm->answers($die($count))[0]), 1);
        }
        return $counts;
    } finally {
        $fpm->stop();
    }
};

$check = static fn (string $by): Closure => static function (Sandbox $sandbox) use ($open, $by): void {
    [[$descriptors, $threads], [$more, $manyThreads]] = $open($sandbox, $by);
    same(true, abs((int) $more - (int) $descriptors) < 20 ?: "$more descriptors, $descriptors before");
    same(true, abs((int) $manyThreads - (int) $threads) < 5 ?: "$manyThreads threads, $threads before");
};

return [
    'a worker closes what requests left behind that ran out of memory' => $check('ini_set("memory_limit", "16M"); str_repeat("x", 100 << 20);'),
    'a worker closes what requests left behind that ran out of time' => $check('set_time_limit(30); posix_kill(getmypid(), 27); while (true) {}'), // SIGPROF, as PHP's own timer
    'a worker closes what requests left behind that gave up by E_USER_ERROR' => $check('error_reporting(E_ALL & ~E_DEPRECATED); trigger_error("enough", E_USER_ERROR);'),
];
