<?php

declare(strict_types=1);

namespace Egito\Tests;

/** Composer installs the package from a checkout, as docs/php.md says. */
final class ComposerTest extends TestCase
{
    public function testComposerInstallsThePackageFromAPath(): void
    {
        $composer = self::requireProgram('composer', 'composer');
        $folder = sys_get_temp_dir() . '/egito-composer-' . getmypid();
        mkdir($folder);
        // Without packagist.org: the package has no dependencies.
        $project = ['repositories' => ['egito' => ['type' => 'path', 'url' => dirname(__DIR__)], 'packagist.org' => false]];
        file_put_contents("$folder/composer.json", json_encode($project));
        $environment = self::$sandbox->environment() + ['COMPOSER_ALLOW_SUPERUSER' => '1', 'COMPOSER_HOME' => "$folder/home"];
        try {
            self::execute([$composer, 'require', '--no-interaction', '--no-progress', "--working-dir=$folder", 'egito/egito:^0.1'], $environment);
            $code = 'require $argv[1] . "/vendor/autoload.php"; echo Egito\Client::fromEnv()->accounts()->get(1)["id"];';
            self::assertSame('1', self::execute([PHP_BINARY, '-r', $code, $folder], $environment));
        } finally {
            self::execute(['rm', '-r', $folder]);
        }
    }
}
