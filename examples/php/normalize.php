<?php

/**
 * Writes the tax numbers of all accounts in one form, 525-000-10-09 as 5250001009: `php normalize.php --write`.
 *
 * Without `--write` it shows what would be changed. Numbers in one form can be the key of an import.
 */

declare(strict_types=1);

require __DIR__ . '/vendor/autoload.php';

use Egito\BulkOptions;
use Egito\Client;
use Egito\EgitoException;

$write = array_slice($argv, 1) === ['--write'];
if ($argc > ($write ? 2 : 1)) {
    fwrite(STDERR, "usage: php normalize.php [--write]\n");
    exit(2);
}
try {
    $accounts = Client::fromEnv()->accounts();
    $updates = []; // pairs of an id and the fields to update
    $invalid = 0;
    foreach ($accounts->list() as $account) {
        $nip = $account['nip'] ?? '';
        $digits = preg_replace('/[^0-9]/', '', $nip);
        if ($nip !== '' && strlen($digits) !== 10) {
            fwrite(STDERR, "account $account[id]: $nip is not a tax number\n");
            $invalid++;
        } elseif ($digits !== $nip) {
            echo "account $account[id]: $nip becomes $digits\n";
            $updates[] = [$account['id'], ['nip' => $digits]];
        }
    }
    $rows = $write ? $accounts->updateMany($updates, new BulkOptions(concurrency: 4)) : [];
} catch (EgitoException $error) {
    fwrite(STDERR, "$error->errorCode: {$error->getMessage()}\n");
    exit($error->retryable ? 75 : 1); // 75: try again later
}
$retryable = false;
$failed = array_filter($rows, fn ($row) => !$row->ok); // one failed update does not stop the others
foreach ($failed as $row) {
    fwrite(STDERR, "{$row->error->errorCode}: {$row->error->getMessage()}\n");
    $retryable = $retryable || $row->error->retryable;
}
echo count($rows) - count($failed), ' of ', count($updates), " changed, $invalid invalid\n";
if ($retryable) {
    exit(75);
}
exit($failed !== [] || $invalid > 0 ? 1 : 0);
