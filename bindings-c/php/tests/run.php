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
$notRun = [];
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
        } catch (NotRun $why) {
            $notRun[] = $name;
            echo "NOT RUN $name\n        {$why->getMessage()}\n";
        } catch (Throwable $why) {
            $failed[] = $name;
            echo "FAILED  $name\n        ", str_replace("\n", "\n        ", (string) $why), "\n";
        }
    }
}
$sandbox->stop();
echo "\n$passed passed, ", count($failed), ' failed', $notRun === [] ? '' : ', ' . count($notRun) . ' not run', "\n";
// Where every language must be tested, what was not run has failed.
$complete = $notRun === [] || getenv('EGITO_REQUIRE_ALL_ADAPTERS') === false;
exit($failed === [] && $passed > 0 && $complete ? 0 : 1);
