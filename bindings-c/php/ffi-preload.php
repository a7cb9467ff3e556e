<?php

/**
 * Prints the file for `ffi.preload` in php.ini. The server then opens the library and parses its declarations once,
 * before it forks its workers:
 *
 *     php ffi-preload.php > /etc/php/egito.h        # optional argument: path of the library
 */

declare(strict_types=1);

require __DIR__ . '/autoload.php';

echo Egito\Library::declarations($argv[1] ?? null);
