<?php

/**
 * Registers the lead of a web form exactly once: `php lead.php < form.json`.
 *
 * The form is JSON, such as {"formKey": "2026-11-27-0017", "lastName": "Nowak", "phone": "+48 12 446 66 66"}.
 * Its key is created together with the form, so the same form can be sent again after any failure, or twice by mistake.
 */

declare(strict_types=1);

require __DIR__ . '/vendor/autoload.php';

use Egito\Client;
use Egito\EgitoException;
use Egito\Exception\ValidationException;
use Egito\Outcome;

$form = json_decode((string) stream_get_contents(STDIN), true, flags: JSON_THROW_ON_ERROR);
$fields = ['formKey' => 0, 'lastName' => 0, 'phone' => 0]; // a visitor must not set `owner` or `status`
try {
    $lead = Client::fromEnv()->leads()->createOnce(array_intersect_key($form, $fields), key: 'formKey');
    echo $lead->created ? 'created' : 'found', " lead $lead->id\n";
} catch (ValidationException $error) {
    foreach ($error->errors as $refused) {
        fwrite(STDERR, "$refused->field: $refused->message\n");
    }
    exit(1);
} catch (EgitoException $error) {
    fwrite(STDERR, "$error->errorCode: {$error->getMessage()}\n");
    exit($error->retryable || $error->outcome === Outcome::Unknown ? 75 : 1); // 75: send the same form again
}
