<?php

/**
 * Prints what php.ini's `ffi.preload` should name. A server's first process then opens the library and reads its
 * declarations, once for all its workers:
 *
 *     php ffi-preload.php > /etc/php/egito.h        # or with the path of the library as an argument
 */

declare(strict_types=1);

require __DIR__ . '/autoload.php';

echo Egito\Library::declarations($argv[1] ?? null);
