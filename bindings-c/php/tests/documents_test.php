<?php

/** What the documents show runs as it stands there. */

declare(strict_types=1);

/** A program of docs/php.md, by the name in its first line: what it prints, and its status. */
$program = static function (Sandbox $sandbox, string $name, string $input = '', int $status = 0): string {
    preg_match_all('/```php\n(<\?php \/\/ (\S+):.*?)```/s', (string) file_get_contents(__DIR__ . '/../../../docs/php.md'), $programs);
    $code = array_combine($programs[2], $programs[1])[$name];
    $folder = sys_get_temp_dir() . '/egito-docs-' . getmypid();
    mkdir("$folder/vendor", recursive: true);
    file_put_contents("$folder/vendor/autoload.php", '<?php require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . ';');
    file_put_contents("$folder/$name", $code);
    file_put_contents("$folder/input", $input);
    try {
        return output(['sh', '-c', 'cd "$1" && exec "$2" "$3" input < input', 'sh', $folder, PHP_BINARY, $name], $sandbox->environment(), $status);
    } finally {
        array_map(unlink(...), ["$folder/vendor/autoload.php", "$folder/$name", "$folder/input"]);
        rmdir("$folder/vendor");
        rmdir($folder);
    }
};

return [
    'an order becomes a contact and an opportunity, and the contact is found again' => static function (Sandbox $sandbox) use ($program): void {
        $order = ['number' => '17/2026', 'email' => 'zoe@sklep.invalid', 'first_name' => 'Zoë', 'last_name' => 'Żak', 'total' => '12345678901234567.89'];
        preg_match('/contact (\d+), opportunity \d+/', $program($sandbox, 'order.php', json_encode($order)), $first);
        contains('"value":12345678901234567.89', $sandbox->sent('create'));
        preg_match('/contact (\d+), opportunity \d+/', $program($sandbox, 'order.php', json_encode($order)), $second);
        same($first[1], $second[1]);
        $program($sandbox, 'order.php', json_encode(['total' => '12,50'] + $order));
        contains('"value":12.50', $sandbox->sent('create'));
        contains('no email', $program($sandbox, 'order.php', json_encode(array_diff_key($order, ['email' => 1]))));
        $nameless = json_encode(['email' => 'x@sklep.invalid', 'last_name' => ''] + $order);
        contains('lastName: ', $program($sandbox, 'order.php', $nameless, 1));
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'create', 'entity' => 'Opportunity'], 'cut' => 'after']);
        contains('Opportunity may have been created', $program($sandbox, 'order.php', json_encode($order), 2));
    },
    'all accounts as CSV' => static function (Sandbox $sandbox) use ($program): void {
        $sandbox->control('POST', 'reset', ['records' => ['Account' => 1200]]);
        same(1201, substr_count($program($sandbox, 'accounts.php'), "\n"));
    },
    'how long each request took' => static function (Sandbox $sandbox) use ($program): void {
        same(1, preg_match('/\Alogin 200: [\d.]+ s\nlist 200: [\d.]+ s\n/', $text = $program($sandbox, 'metrics.php')) ?: $text);
    },
    'a job that ends after a minute' => static function (Sandbox $sandbox) use ($program): void {
        contains('created ', $program($sandbox, 'limit.php'));
    },
    'a lead, and what came beside its id' => static function (Sandbox $sandbox) use ($program): void {
        $wanted = "/\Acreated \d+: status 200, request \n(\d+ accounts, application\/json;charset=UTF-8\n)+\z/";
        same(1, preg_match($wanted, $text = $program($sandbox, 'response.php')) ?: $text);
    },
    'contacts from CSV, and those that were not taken' => static function (Sandbox $sandbox) use ($program): void {
        $report = "{\"firstName\":\"Jan\",\"lastName\":\"\"}: validation, outcome rejected\n2 imported\n";
        same($report, $program($sandbox, 'import.php', "Zoë,Żak\nJan,\nEwa,Bąk\n"));
        same($report, $program($sandbox, 'import.php', "\xEF\xBB\xBF\"Zoë\",Żak\n\nJan\nEwa,Bąk\n\n"));
        $names = array_column($sandbox->control('GET', 'records/Contact'), 'firstName');
        same(2, count(array_keys($names, 'Zoë', true)));
    },
    'the first example of the README' => static function (Sandbox $sandbox): void {
        preg_match('/```php\n(.*?)```/s', file_get_contents(__DIR__ . '/../README.md'), $example);
        $lines = substr_count($example[1], "\n");
        same(true, $lines <= 12 ?: $lines);
        $file = tempnam(sys_get_temp_dir(), 'egito-');
        file_put_contents($file, $example[1]);
        $loader = 'auto_prepend_file=' . dirname(__DIR__) . '/autoload.php';
        contains('Żubr', output([PHP_BINARY, '-d', $loader, $file], $sandbox->environment()));
        unlink($file);
    },
    'the demo' => static function (Sandbox $sandbox): void {
        $sandbox->control('POST', 'reset', ['records' => ['Account' => 1200]]);
        $text = output([PHP_BINARY, __DIR__ . '/../examples/demo.php'], $sandbox->environment());
        contains('1201 accounts on 3 pages', $text);
        contains('refused   validation:', $text);
    },
];
