<?php

/** Creates, reads, changes, lists and deletes records in PHP, and shows an error. Reads EGITO_* from the environment. */

declare(strict_types=1);

require __DIR__ . '/../autoload.php';

use Egito\Client;
use Egito\Exception\ValidationException;

$client = Client::fromEnv();

$account = $client->accounts()->create(['name' => 'Żółta Łódź sp. z o.o.', 'city' => 'Gdańsk']);
$contact = $client->contacts()->create([
    'firstName' => 'Zażółć', 'lastName' => 'Gęślą-Jaźń', 'account' => ['id' => $account],
]);
$opportunity = $client->opportunities()->create([
    'name' => 'Wdrożenie CRM 🚀', 'value' => 12_500.5, 'account' => ['id' => $account],
]);
echo "created   account $account, contact $contact, opportunity $opportunity\n";

echo "read back {$client->accounts()->get($account)['name']}\n";
echo "          {$client->contacts()->get($contact)['lastName']}\n";
echo "          {$client->opportunities()->get($opportunity)['name']}\n";

$client->accounts()->update($account, ['phone' => '+48 12 446 66 66']);
echo "changed   {$client->accounts()->get($account)['phone']}\n";

$pages = $accounts = 0;
foreach ($client->accounts()->list(pageSize: 500)->pages() as $page) {
    $pages++;
    $accounts += count($page);
}
echo "listed    $accounts accounts on $pages pages\n";
echo 'industry  ', count($client->dictionary('industry')->toArray()), " entries\n";

$client->opportunities()->delete($opportunity);
echo "deleted   opportunity $opportunity\n";

try {
    $client->accounts()->create(['city' => 'Łomża']);
} catch (ValidationException $error) {
    echo "refused   $error->errorCode: {$error->getMessage()}\n";
}
