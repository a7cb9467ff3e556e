<?php

/**
 * Set `opcache.preload` in php.ini to this file: in web servers, PHP allows FFI only in preloaded files. The classes
 * are then loaded once, before the first request.
 */

declare(strict_types=1);

foreach ([...(glob(__DIR__ . '/src/*.php') ?: []), ...(glob(__DIR__ . '/src/Exception/*.php') ?: [])] as $file) {
    opcache_compile_file($file);
}
