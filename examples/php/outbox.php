<?php

/**
 * Keeps leads in a file while the CRM is down: `php outbox.php put < lead.json`, and `php outbox.php deliver`.
 *
 * `put` stores a lead, and needs no connection. `deliver` sends what is due, each lead once; run it from cron.
 */

declare(strict_types=1);

require __DIR__ . '/vendor/autoload.php';

use Egito\Client;
use Egito\EgitoException;
use Egito\EntryState;

$command = $argv[1] ?? '';
if ($argc !== 2 || !in_array($command, ['put', 'deliver'], true)) {
    fwrite(STDERR, "usage: php outbox.php put|deliver\n");
    exit(2);
}
try {
    $outbox = Client::fromEnv()->outbox('egito-outbox.db');
    if ($command === 'put') { // the same form again is the same entry
        $lead = json_decode((string) stream_get_contents(STDIN), true, flags: JSON_THROW_ON_ERROR);
        echo 'stored as entry ', $outbox->put('Lead', $lead, key: 'formKey'), "\n";
        exit(0);
    }
    $delivery = $outbox->deliver();
    $waiting = $delivery->waiting + $delivery->unclear;
    $refused = $outbox->entries(EntryState::Refused);
    echo "$delivery->delivered delivered, ", count($refused), " refused, $waiting waiting\n";
    foreach ($refused as $entry) { // a person corrects them with `edit`, or removes them with `discard`
        fwrite(STDERR, "entry $entry->id was refused: {$entry->error?->getMessage()}\n");
    }
    if ($delivery->pausedBy !== null) {
        fwrite(STDERR, "paused until $delivery->nextAttemptAt: {$delivery->pausedBy->getMessage()}\n");
    }
    if ($refused !== []) {
        exit(1);
    }
    exit($waiting > 0 ? 75 : 0); // 75: try again later
} catch (EgitoException $error) {
    fwrite(STDERR, "$error->errorCode: {$error->getMessage()}\n");
    exit(1);
}
