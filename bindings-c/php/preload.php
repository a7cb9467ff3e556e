<?php

/**
 * For web servers, where PHP lets only preloaded files use FFI: php.ini's `opcache.preload` names this file. Its classes are
 * then read once, before the first request.
 */

declare(strict_types=1);

foreach ([...(glob(__DIR__ . '/src/*.php') ?: []), ...(glob(__DIR__ . '/src/Exception/*.php') ?: [])] as $file) {
    opcache_compile_file($file);
}
