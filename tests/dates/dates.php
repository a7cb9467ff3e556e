<?php

/** Writes dates in PHP's own types, reads them back and prints them. Arguments: see `test_grails_dates.py`. */

declare(strict_types=1);

require __DIR__ . '/../../bindings-c/php/autoload.php';

use Egito\Client;

$zone = new DateTimeZone($argv[1]);
$offers = Client::fromEnv()->entity('Offer');

foreach (array_slice($argv, 2) as $number => $one) {
    [$kind, $text] = explode(':', $one, 2);
    // PHP has no type for a day without a time.
    $class = $number % 2 === 0 ? DateTimeImmutable::class : DateTime::class;
    $value = $kind === 'day' ? $text : (new $class("@$text"))->setTimezone(new DateTimeZone('America/New_York'));
    $read = new DateTimeImmutable($offers->get($offers->create(['point' => $value]))['point']);
    echo $kind === 'day' ? $read->setTimezone($zone)->format('Y-m-d') : $read->getTimestamp(), "\n";
}
