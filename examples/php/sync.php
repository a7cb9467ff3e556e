<?php

/**
 * Keeps a copy of all accounts in a folder, one JSON file for each: `php sync.php copy`, for instance every night.
 *
 * The first run copies everything, later ones what was changed or deleted. The file `mark` in the folder says where the
 * next run continues. It is written last, so after a failure the next run returns the same changes.
 */

declare(strict_types=1);

require __DIR__ . '/vendor/autoload.php';

if ($argc !== 2) {
    fwrite(STDERR, "usage: php sync.php FOLDER\n");
    exit(2);
}
$folder = $argv[1];
is_dir($folder) || mkdir($folder) || exit(1); // PHP has printed the reason
try {
    $accounts = Egito\Client::fromEnv(['exact' => true])->accounts(); // keeps the digits of each number
    $changes = $accounts->changes(since: is_file("$folder/mark") ? (string) file_get_contents("$folder/mark") : null);
    $changed = 0;
    foreach ($changes as $account) {
        $json = json_encode($account, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
        file_put_contents("$folder/{$account['id']}.json", $json) !== false || exit(1);
        $changed++;
    }
    $known = array_map(fn (string $file) => basename($file, '.json'), glob("$folder/*.json") ?: []);
    $deleted = $accounts->deleted($known);
    foreach ($deleted as $id) {
        unlink("$folder/$id.json");
    }
    file_put_contents("$folder/mark.part", $changes->mark()) !== false || exit(1);
    rename("$folder/mark.part", "$folder/mark") || exit(1);
    echo "$changed changed, ", count($deleted), " deleted\n";
} catch (Egito\EgitoException $error) {
    fwrite(STDERR, "$error->errorCode: {$error->getMessage()}\n");
    exit($error->retryable ? 75 : 1); // 75: try again later
}
