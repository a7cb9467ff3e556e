<?php

/** PHP-FPM: workers that were forked after the library was loaded, and workers that load it themselves. */

declare(strict_types=1);

require_once __DIR__ . '/fpm.php';

$preload = ['ffi.enable' => 'preload', 'opcache.preload' => dirname(__DIR__) . '/preload.php'];
$require = 'require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . ';';
$work = '$accounts = Egito\Client::fromEnv()->accounts(); $id = $accounts->create(["name" => "Żubr"]);'
    . 'try { $accounts->create([]); } catch (Egito\Exception\ValidationException $e) { $field = $e->errors[0]->field; }'
    . 'echo $accounts->get($id)["name"], " ", $field;';

/** Asks a server, and stops it. */
$with = static function (Fpm $fpm, Closure $ask): mixed {
    try {
        return $ask($fpm);
    } finally {
        $fpm->stop();
    }
};

return [
    'workers that are forked after the library was loaded' => static function (Sandbox $sandbox) use ($preload, $work, $with): void {
        $declarations = (string) tempnam(sys_get_temp_dir(), 'egito-');
        $make = [PHP_BINARY, '-d', 'ffi.enable=1', dirname(__DIR__) . '/ffi-preload.php', LIBRARY];
        file_put_contents($declarations, output($make));
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'times' => 0, 'delay_ms' => 30]);
        $loaded = 'echo (int) str_contains(file_get_contents("/proc/self/maps"), "libegito.so"), " ", getmypid(), " ";';
        $fpm = new Fpm($sandbox, $preload + ['ffi.preload' => $declarations]);
        $answers = $with($fpm, static fn (Fpm $fpm) => $fpm->answers($loaded . $work, 12));
        unlink($declarations);
        $workers = [];
        foreach ($answers as $answer) {
            [$wasLoaded, $workers[], $rest] = explode(' ', $answer, 3);
            same(['1', 'Żubr name'], [$wasLoaded, $rest]);
        }
        same(true, count(array_unique($workers)) > 1);
    },
    'workers that load the library themselves, where the package is preloaded' => static function (Sandbox $sandbox) use ($preload, $work, $with): void {
        $answers = $with(new Fpm($sandbox, $preload), static fn (Fpm $fpm) => $fpm->answers($work, 6));
        same(array_fill(0, 6, 'Żubr name'), $answers);
    },
    'workers with ffi.enable, and nothing preloaded' => static function (Sandbox $sandbox) use ($require, $work, $with): void {
        $answers = $with(new Fpm($sandbox, ['ffi.enable' => '1']), static fn (Fpm $fpm) => $fpm->answers($require . $work, 6));
        same(array_fill(0, 6, 'Żubr name'), $answers);
    },
    'settings may come as FastCGI parameters' => static function (Sandbox $sandbox) use ($require, $work, $with): void {
        $parameters = array_diff_key($sandbox->environment(), getenv());
        $fpm = new Fpm($sandbox, ['ffi.enable' => '1'], hasEnvironment: false);
        $answers = $with($fpm, static fn (Fpm $fpm) => [
            $fpm->answers($require . $work, parameters: $parameters)[0],
            $fpm->answers($require . 'try { Egito\Client::fromEnv(); } catch (Egito\Exception\ConfigException $e) { echo $e->setting; }')[0],
        ]);
        same(['Żubr name', 'name'], $answers); // of one request, and of no other
    },
    'where FFI is for preloaded files only and nothing is, the error says what to do' => static function (Sandbox $sandbox) use ($require, $with): void {
        $code = $require . 'try { Egito\Client::fromEnv(); } catch (Egito\Exception\ConfigException $e) { echo $e->getMessage(); }';
        contains('opcache.preload', $with(new Fpm($sandbox, ['ffi.enable' => 'preload']), static fn (Fpm $fpm) => $fpm->answers($code))[0]);
    },
    'a worker keeps its memory, whatever its requests leave behind' => static function (Sandbox $sandbox) use ($preload, $with): void {
        $sandbox->control('POST', 'reset', ['records' => ['Account' => 20]]);
        $code = '$accounts = Egito\Client::fromEnv()->accounts(); $pages = $accounts->list(pageSize: 1)->pages(); $pages->current(); $pages->next();'
            . '$rows = $accounts->getMany([1, 2, 987654], stream: true); $rows->current();'
            . 'try { $accounts->get(987654); } catch (Egito\Exception\NotFoundException) {}'
            . 'echo 4 * (int) explode(" ", file_get_contents("/proc/self/statm"))[1];';
        $memory = $with(new Fpm($sandbox, $preload, workers: 1), static function (Fpm $fpm) use ($code): array {
            return array_map(static fn () => (int) $fpm->answers($code)[0], range(1, 200));
        });
        same(true, $memory[199] - $memory[80] < 1024 ?: $memory);
    },
    'all workers share one login where the token is kept in a file' => static function (Sandbox $sandbox) use ($preload, $with): void {
        $file = sys_get_temp_dir() . '/egito-token-' . getmypid();
        $code = 'Egito\Client::fromEnv(["token_store" => ' . var_export($file, true) . '])->accounts()->list()->first(); echo "read";';
        $answers = $with(new Fpm($sandbox, $preload), static fn (Fpm $fpm) => $fpm->answers($code, 12));
        array_map(unlink(...), glob("$file*") ?: []);
        same(array_fill(0, 12, 'read'), $answers);
        same(1, count($sandbox->control('GET', 'journal?action=login')));
    },
];
