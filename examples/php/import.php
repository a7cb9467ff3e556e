<?php

/**
 * Imports accounts from a CSV file with the columns nip;name;city: `php import.php accounts.csv`.
 *
 * Accounts are found by their tax number, and created or updated. After a crash, run the same command again: the file
 * `accounts.csv.journal` knows what is done. Lines that were refused are in `accounts.csv.rejected.txt`: correct them,
 * and run it again.
 */

declare(strict_types=1);

require __DIR__ . '/vendor/autoload.php';

use Egito\BulkOptions;
use Egito\Change;
use Egito\Client;
use Egito\EgitoException;
use Egito\Outcome;

if ($argc !== 2) {
    fwrite(STDERR, "usage: php import.php FILE\n");
    exit(2);
}
$accounts = (static function (string $path): Generator {
    $file = fopen($path, 'r') ?: throw new RuntimeException("cannot read $path");
    fread($file, 3) === "\u{FEFF}" || rewind($file); // the byte order mark that Excel writes
    for ($number = 1; ($line = fgetcsv($file, separator: ';', escape: '')) !== false; $number++) {
        if (count($line) !== 3) {
            throw new RuntimeException("$path, line $number: expected 3 cells, got " . count($line));
        }
        if ($number > 1) { // the first line has the names of the columns
            yield array_combine(['nip', 'name', 'city'], $line);
        }
    }
})($argv[1]);
$counts = ['created' => 0, 'updated' => 0, 'unchanged' => 0, 'rejected' => 0];
$rejected = '';
$runAgain = false;
try {
    $options = new BulkOptions(journal: "$argv[1].journal");
    foreach (Client::fromEnv()->accounts()->streamUpsertMany($accounts, key: 'nip', options: $options) as $row) {
        $done = $row->ok && $row->change !== Change::Ambiguous;
        $counts[$done ? $row->change->value : 'rejected']++;
        if (!$done) {
            $duplicates = implode(', ', $row->duplicates);
            $reason = $row->error?->getMessage() ?? "several accounts have this number: $duplicates";
            $rejected .= 'line ' . $row->index + 2 . ": $reason\n";
        }
        $runAgain = $runAgain || $row->error?->retryable || $row->error?->outcome === Outcome::Unknown;
    }
} catch (EgitoException | RuntimeException $error) {
    fwrite(STDERR, "{$error->getMessage()}\n");
    exit($error instanceof EgitoException && $error->retryable ? 75 : 1);
}
echo implode(', ', array_map(fn (string $change) => "$counts[$change] $change", array_keys($counts))), "\n";
file_put_contents("$argv[1].rejected.txt", $rejected);
if ($rejected !== '') {
    exit($runAgain ? 75 : 1); // 75: try again later
}
unlink("$argv[1].rejected.txt");
unlink("$argv[1].journal"); // the import is done: the next one begins from the start
