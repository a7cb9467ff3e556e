<?php

/**
 * Writes all accounts to a CSV file, in constant memory: `php export.php accounts.csv`.
 *
 * The file is complete, or it is not there: it gets its name only after the last account.
 */

declare(strict_types=1);

require __DIR__ . '/vendor/autoload.php';

if ($argc !== 2) {
    fwrite(STDERR, "usage: php export.php FILE\n");
    exit(2);
}
$fields = ['id', 'nip', 'name', 'city'];
try {
    $file = fopen("$argv[1].part", 'w') ?: exit(1); // PHP has printed the reason
    fwrite($file, "\u{FEFF}"); // Excel needs a byte order mark for Polish letters
    fputcsv($file, $fields, escape: '');
    $count = 0;
    foreach (Egito\Client::fromEnv()->accounts()->list() as $account) { // reads page after page
        fputcsv($file, array_map(fn (string $field) => $account[$field] ?? '', $fields), escape: '');
        $count++;
    }
    if (!fclose($file) || !rename("$argv[1].part", $argv[1])) {
        exit(1);
    }
    echo "$count accounts written to $argv[1]\n";
} catch (Egito\EgitoException $error) {
    fwrite(STDERR, "$error->errorCode: {$error->getMessage()}\n");
    exit($error->retryable ? 75 : 1); // 75: try again later
}
