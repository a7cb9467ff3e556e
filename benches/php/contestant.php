<?php

/**
 * The contestants in PHP: `php -d ffi.enable=1 contestant.php CONTESTANT WORKLOAD COUNT`. See ../README.md.
 *
 * The environment has the settings in BENCH_SETTINGS and the record to create in BENCH_RECORD, both as JSON.
 * With a count of 0 a workload sends nothing, so that the runner can subtract the start of the program.
 */

declare(strict_types=1);

require __DIR__ . '/Curl.php';
require __DIR__ . '/Ours.php';

const IDS = 1_000;
const PAGE = 1_000;

[, $contestant, $workload, $count] = $argv;
$count = (int) $count;
$settings = json_decode((string) getenv('BENCH_SETTINGS'), true, flags: JSON_THROW_ON_ERROR);
$new = json_decode((string) getenv('BENCH_RECORD'), true, flags: JSON_THROW_ON_ERROR);
$client = match ($contestant) {
    'egito' => new Ours($settings),
    'curl + json_decode' => new Curl($settings),
};

$read = 0;
$sum = 0;
if ($workload === 'get') {
    for (; $read < $count; $read++) {
        $record = $client->get($read % IDS + 1);
        $sum += $record['id'] + $record['employees'];
    }
} elseif ($workload === 'create') {
    for (; $read < $count; $read++) {
        $sum += $client->create(['employees' => $read] + $new);
    }
} elseif ($workload === 'list') {
    $records = $count > 0 ? $client->all(PAGE) : [];
    foreach ($records as $record) {
        $sum += $record['id'] + $record['employees'];
    }
    $read = count($records);
} else {
    throw new InvalidArgumentException("unknown workload: $workload");
}
echo json_encode(['count' => $read, 'sum' => $sum]), "\n";
