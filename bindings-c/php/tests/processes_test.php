<?php

/** Web servers, forks, and how a program ends. */

declare(strict_types=1);

/** Serves a script under php's own web server, with FFI for preloaded files only, and asks it a few times. */
$serve = static function (Sandbox $sandbox, string $code, int $requests): array {
    $script = tempnam(sys_get_temp_dir(), 'egito-');
    file_put_contents($script, "<?php $code");
    $command = [PHP_BINARY, '-d', 'ffi.enable=preload', '-d', 'opcache.preload=' . dirname(__DIR__) . '/preload.php',
        '-d', 'opcache.preload_user=' . posix_getpwuid(posix_geteuid())['name'], '-S', '127.0.0.1:0', $script];
    $server = proc_open($command, [2 => ['pipe', 'w']], $pipes, null, $sandbox->environment());
    try {
        while (preg_match('~\((http://[\d.:]+)\) started~', (string) $line = fgets($pipes[2]), $address) !== 1) {
            $line !== false ?: throw new RuntimeException('no web server');
        }
        return array_map(static fn () => file_get_contents($address[1]), range(1, $requests));
    } finally {
        proc_terminate($server);
        proc_close($server);
        unlink($script);
    }
};

return [
    'a web server may use it where it is preloaded' => static function (Sandbox $sandbox) use ($serve): void {
        $code = '$client = Egito\Client::fromEnv(); $id = $client->accounts()->create(["name" => "x"]);'
            . 'echo $client->accounts()->get($id)["name"]; try { $client->accounts()->create([]); }'
            . 'catch (Egito\Exception\ValidationException $e) { echo $e->errors[0]->field; }';
        same(array_fill(0, 5, 'xname'), $serve($sandbox, $code, 5));
    },
    'a web server keeps its memory' => static function (Sandbox $sandbox) use ($serve): void {
        $code = '$list = Egito\Client::fromEnv()->accounts()->list(pageSize: 1)->pages(); $list->current();'
            . 'try { Egito\Client::fromEnv()->accounts()->get(987654); } catch (Egito\Exception\NotFoundException) {}'
            . 'echo 4 * (int) explode(" ", file_get_contents("/proc/self/statm"))[1];';
        $memory = array_map(intval(...), $serve($sandbox, $code, 300));
        same(true, $memory[299] - $memory[100] < 1024 ?: $memory);
    },
    'a client made before a fork works in both processes' => static function (Sandbox $sandbox): void {
        $code = '$accounts = Egito\Client::fromEnv()->accounts(); $id = $accounts->create(["name" => "x"]);'
            . '$child = pcntl_fork(); $name = $accounts->get($id)["name"];'
            . 'if ($child === 0) { exit($name === "x" ? 7 : 1); }'
            . 'pcntl_waitpid($child, $status); echo $name, pcntl_wexitstatus($status), $accounts->get($id)["name"];';
        same('x7x', php($code, $sandbox->environment()));
    },
    'a program ends well whatever it still holds, also while pages are read ahead' => static function (Sandbox $sandbox): void {
        $sandbox->control('POST', 'reset', ['records' => ['Account' => 20]]);
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'list'], 'skip' => 2, 'hold' => 'ahead']);
        $code = 'require "bindings-c/php/autoload.php"; $client = Egito\Client::fromEnv();'
            . '$pages = $client->accounts()->list(pageSize: 1)->pages(); $pages->current(); $pages->next(); $pages->current();'
            . 'static $kept; try { $client->accounts()->get(987654); } catch (Egito\EgitoException $kept) {} echo "end"; exit(3);';
        same('end', output([PHP_BINARY, '-r', $code], $sandbox->environment(), 3));
    },
    'a request of a web server may end while pages are read ahead' => static function (Sandbox $sandbox) use ($serve): void {
        $sandbox->control('POST', 'reset', ['records' => ['Account' => 20]]);
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'list'], 'skip' => 2, 'times' => 0, 'delay_ms' => 5]);
        $code = '$pages = Egito\Client::fromEnv()->accounts()->list(pageSize: 1)->pages(); $pages->current(); $pages->next(); echo "end";';
        same(array_fill(0, 50, 'end'), $serve($sandbox, $code, 50));
    },
    'a copy of a client is the same client, and is freed once' => static function (Sandbox $sandbox): void {
        $client = $sandbox->client();
        $copy = clone $client;
        unset($client);
        gc_collect_cycles();
        same(true, $copy->accounts()->create(['name' => 'x']) > 0);
    },
    'everything can be dumped, and no secret stands in it' => static function (Sandbox $sandbox): void {
        $code = 'ini_set("zend.exception_ignore_args", "0"); $client = Egito\Client::fromEnv();'
            . '$list = $client->accounts()->list(pageSize: 1); $pages = $list->pages(); $pages->current();'
            . 'try { $client->accounts()->get(987654); } catch (Egito\EgitoException $e) {} $all = [$client, $list, $pages, $e, $e->getTrace()];'
            . 'print_r($all); var_dump($all); var_export($e->getTrace()); echo "end";';
        $text = php($code, $sandbox->environment());
        contains('end', substr($text, -3));
        same([false, false], [str_contains($text, 'gęślą'), str_contains($text, $sandbox->settings['client_secret'])]);
    },
    'a client cannot be serialized, nor made from what is not ours' => static function (Sandbox $sandbox): void {
        $tries = [
            "Serialization of 'FFI" => static fn () => serialize($sandbox->client()),
            'make a new client' => static fn () => unserialize('O:12:"Egito\Handle":1:{s:7:"address";i:1;}'),
        ];
        foreach ($tries as $words => $try) {
            try {
                $try();
            } catch (Exception $why) {
                contains($words, $why->getMessage());
                continue;
            }
            throw new RuntimeException('nothing was thrown');
        }
    },
];
