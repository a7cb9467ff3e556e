<?php

/** Loads the package and the classes of its tests. */

declare(strict_types=1);

require __DIR__ . '/../autoload.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/' . substr($class, strlen('Egito\\Tests\\')) . '.php';
    if (str_starts_with($class, 'Egito\\Tests\\') && is_file($file)) {
        require $file;
    }
});
