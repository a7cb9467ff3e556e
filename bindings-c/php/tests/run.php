<?php

/** Runs the tests beside it: each file gives promises by name. `php run.php [part of a name …]`; fails with status 1. */

declare(strict_types=1);

require __DIR__ . '/../autoload.php';
require __DIR__ . '/support.php';

set_error_handler(static function (int $level, string $message, string $file, int $line): never {
    throw new ErrorException($message, 0, $level, $file, $line);
});

$wanted = array_slice($argv, 1);
$sandbox = new Sandbox();
$passed = 0;
$failed = [];
foreach (glob(__DIR__ . '/*_test.php') as $file) {
    foreach (require $file as $promise => $test) {
        $name = basename($file, '_test.php') . ": $promise";
        if ($wanted !== [] && array_filter($wanted, static fn (string $part) => str_contains($name, $part)) === []) {
            continue;
        }
        $sandbox->control('POST', 'reset', []);
        try {
            $test($sandbox);
            $passed++;
            echo "ok      $name\n";
        } catch (Throwable $why) {
            $failed[] = $name;
            echo "FAILED  $name\n        ", str_replace("\n", "\n        ", (string) $why), "\n";
        }
    }
}
$sandbox->stop();
echo "\n$passed passed, ", count($failed), " failed\n";
exit($failed === [] && $passed > 0 ? 0 : 1);
