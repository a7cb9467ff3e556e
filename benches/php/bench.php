<?php

/**
 * Compares the PHP package with the curl extension and json_decode(), against one sandbox in another process. See
 * benches/README.md.
 *
 *     php -d ffi.enable=1 benches/php/bench.php [rounds]
 *
 * The contestants run alternately; a row is the median over the rounds. Each checks its records while it is timed.
 */

declare(strict_types=1);

require __DIR__ . '/../../bindings-c/php/autoload.php';
require __DIR__ . '/Curl.php';

const GETS = 1_000;
const RECORDS = 20_000;
const PAGE = 1_000;

$built = dirname(__DIR__, 2) . '/target/release';
$command = ["$built/egito-sandbox", '--port', '0', '--exit-with-parent', '--records', (string) RECORDS];
$sandbox = proc_open($command, [1 => ['pipe', 'w']], $pipes);
$settings = json_decode((string) fgets($pipes[1]), true, flags: JSON_THROW_ON_ERROR)['settings'];
$egito = (new Egito\Client($settings + ['library' => "$built/libegito.so"]))->accounts();
$curl = new Curl($settings);

$check = static fn (bool $right) => $right ?: throw new RuntimeException('a contestant reads something else');
$gets = static function (Closure $get) use ($check): Closure {
    return static function () use ($get, $check): void {
        for ($i = 1; $i <= GETS; $i++) {
            $id = RECORDS / 2 + $i;
            $check($get($id)['id'] === $id);
        }
    };
};
$lists = static function (Closure $list) use ($check): Closure {
    return static function () use ($list, $check): void {
        $sum = 0;
        foreach ($list() as $record) {
            $sum += $record['id'];
        }
        $check($sum === RECORDS * (RECORDS + 1) / 2);
    };
};

$rounds = (int) ($argv[1] ?? 9);
table('one `get` of a record, µs', $rounds, GETS, [
    'curl, one handle, json_decode' => $gets(static fn (int $id) => $curl->request("get?id=$id")),
    'egito' => $gets(static fn (int $id) => $egito->get($id)),
]);
table(number_format(RECORDS) . ' records in pages of ' . number_format(PAGE) . ', µs', $rounds, 1, [
    'curl, one handle, json_decode' => $lists(static fn () => $curl->records(PAGE)),
    'egito' => $lists(static fn () => $egito->list(pageSize: PAGE)),
]);
proc_terminate($sandbox);

/**
 * Runs the contestants alternately and prints a row for each. The ratios are to the first.
 *
 * @param array<string, Closure> $contestants
 */
function table(string $title, int $rounds, int $calls, array $contestants): void
{
    $times = [];
    for ($round = 0; $round <= $rounds; $round++) {
        foreach ($contestants as $name => $work) {
            $begun = [cpu(), hrtime(true) / 1e3];
            $work();
            if ($round > 0) {
                $times[$name]['cpu'][] = (cpu() - $begun[0]) / $calls;
                $times[$name]['wall'][] = (hrtime(true) / 1e3 - $begun[1]) / $calls;
            }
        }
    }
    echo "\n| $title | CPU | wall | CPU ratio | wall ratio |\n| --- | ---: | ---: | ---: | ---: |\n";
    $first = array_map(median(...), reset($times));
    foreach ($times as $name => $of) {
        [$cpu, $wall] = [median($of['cpu']), median($of['wall'])];
        $ratios = [$cpu / $first['cpu'], $wall / $first['wall']];
        printf("| %s | %.1f | %.1f | %.2f | %.2f |\n", $name, $cpu, $wall, ...$ratios);
    }
}

/** Returns the CPU time of this process and its threads in microseconds. */
function cpu(): float
{
    $usage = getrusage();
    $seconds = $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'];
    return $seconds * 1e6 + $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec'];
}

/** @param non-empty-list<float> $values */
function median(array $values): float
{
    sort($values);
    return $values[intdiv(count($values), 2)];
}
