<?php

/** Composer installs the package from a checkout, as docs/php.md says. */

declare(strict_types=1);

return [
    'composer installs the package from a path' => static function (Sandbox $sandbox): void {
        $composer = program('composer', 'composer');
        $folder = sys_get_temp_dir() . '/egito-composer-' . getmypid();
        mkdir($folder);
        // Without packagist.org: the package needs no other one.
        $project = ['repositories' => ['egito' => ['type' => 'path', 'url' => dirname(__DIR__)], 'packagist.org' => false]];
        file_put_contents("$folder/composer.json", json_encode($project));
        $environment = $sandbox->environment() + ['COMPOSER_ALLOW_SUPERUSER' => '1', 'COMPOSER_HOME' => "$folder/home"];
        try {
            output([$composer, 'require', '--no-interaction', '--no-progress', "--working-dir=$folder", 'egito/egito:^0.1'], $environment);
            $code = 'require $argv[1] . "/vendor/autoload.php"; echo Egito\Client::fromEnv()->accounts()->get(1)["id"];';
            same('1', output([PHP_BINARY, '-r', $code, $folder], $environment));
        } finally {
            output(['rm', '-r', $folder]);
        }
    },
];
