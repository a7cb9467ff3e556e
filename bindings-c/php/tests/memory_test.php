<?php

/** Nothing is left behind: not by failures, not by lists that are given up, not by clients. */

declare(strict_types=1);

use Egito\EgitoException;

/** Memory must stand still while this is done again and again, once everything has found its place. */
$flat = static function (Closure $once, int $times): void {
    for ($i = 0; $i < $times / 10; $i++) {
        $once();
    }
    $before = memory();
    for ($i = 0; $i < $times; $i++) {
        $once();
    }
    $grown = memory() - $before;
    if ($grown > 1024) {
        throw new RuntimeException("$times times took $grown KiB");
    }
};

$failing = static fn (Closure $call): Closure => static function () use ($call): void {
    try {
        $call();
    } catch (EgitoException) {
        return;
    }
    throw new RuntimeException('nothing was thrown');
};

return [
    '10,000 calls that the server refuses' => static function (Sandbox $sandbox) use ($flat, $failing): void {
        $accounts = $sandbox->client()->accounts();
        $flat($failing(static fn () => $accounts->create(['city' => str_repeat('Łódź', 100)])), 10_000);
    },
    '10,000 calls that are refused here' => static function (Sandbox $sandbox) use ($flat, $failing): void {
        $accounts = $sandbox->client()->accounts();
        $flat($failing(static fn () => $accounts->update('', ['name' => str_repeat('x', 10_000)])), 10_000);
    },
    '1,000 lists that are given up' => static function (Sandbox $sandbox) use ($flat): void {
        $sandbox->control('POST', 'reset', ['records' => ['Offer' => 50]]);
        $list = $sandbox->client()->entity('Offer')->list(pageSize: 10);
        $flat(static fn () => $list->first(), 1_000);
    },
    '1,000 records read' => static function (Sandbox $sandbox) use ($flat): void {
        $accounts = $sandbox->client(['exact' => true])->accounts();
        $id = $accounts->create(['name' => str_repeat('Żubr', 1000), 'empty' => new stdClass()]);
        $flat(static fn () => $accounts->get($id), 1_000);
    },
    'bulks, read and left' => static function (Sandbox $sandbox) use ($flat): void {
        $accounts = $sandbox->client()->accounts();
        $inputs = array_fill(0, 20, ['city' => str_repeat('Łódź', 100)]);
        $flat(static fn () => $accounts->createMany($inputs), 200);
        $flat(static fn () => $accounts->createMany($inputs, stream: true)->current(), 200);
    },
    'clients, made and refused' => static function (Sandbox $sandbox) use ($flat, $failing): void {
        $flat($failing(static fn () => $sandbox->client()->accounts()->get(987654)), 100);
        $flat($failing(static fn () => $sandbox->client(['password' => 5])), 1_000);
    },
];
