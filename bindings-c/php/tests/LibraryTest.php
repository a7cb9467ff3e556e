<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Client;

/** Finding and opening libegito, and the errors when that fails. */
final class LibraryTest extends TestCase
{
    private const LOAD = '$e = null; try { Egito\Native::load(); echo "opened"; }'
        . ' catch (Egito\Exception\ConfigException $e) { echo $e->setting, ": ", $e->getMessage(); }';

    public function testPackageHasTheVersionOfTheCheckout(): void
    {
        self::assertStringContainsString('version = "' . Client::VERSION . '"', file_get_contents(__DIR__ . '/../../../Cargo.toml'));
        self::assertStringContainsString('"version": "' . Client::VERSION . '"', file_get_contents(__DIR__ . '/../composer.json'));
    }

    public function testPackageHasALicenseAndAReadme(): void
    {
        self::assertSame(file_get_contents(__DIR__ . '/../../../LICENSE'), file_get_contents(__DIR__ . '/../LICENSE'));
        self::assertTrue(is_file(__DIR__ . '/../README.md'));
    }

    public function testNewestBuildOfTheCheckoutIsUsed(): void
    {
        $root = sys_get_temp_dir() . '/egito-checkout-' . getmypid();
        $package = "$root/bindings-c/php";
        try {
            foreach (["$package/src", "$root/target/debug", "$root/target/release"] as $folder) {
                mkdir($folder, recursive: true);
            }
            copy(dirname(__DIR__) . '/src/Library.php', "$package/src/Library.php");
            touch("$root/bindings-c/cbindgen.toml");
            $code = "require '$package/src/Library.php'; echo implode(' ', Egito\\Library::candidates(null));";
            $found = static fn (): string => self::execute([PHP_BINARY, '-r', $code], array_diff_key(getenv(), ['EGITO_LIBRARY' => 1]));
            $release = "$root/target/release/libegito.so";
            $debug = "$root/target/debug/libegito.so";
            touch($release, 1000);
            self::assertSame("$release libegito.so.0", $found());
            touch($debug, 2000);
            self::assertSame("$debug $release libegito.so.0", $found());
            touch($release, 3000);
            self::assertSame("$release $debug libegito.so.0", $found());
        } finally {
            self::execute(['rm', '-r', $root]);
        }
    }

    public function testLibraryIsReadFromTheEnvironment(): void
    {
        $library = dirname(__DIR__, 3) . '/target/debug/libegito.so';
        self::assertSame('opened', self::runPhp(self::LOAD, ['EGITO_LIBRARY' => $library]));
    }

    public function testErrorSaysWhatToDoIfTheLibraryIsMissing(): void
    {
        $error = self::runPhp(self::LOAD, ['EGITO_LIBRARY' => '/nowhere/libegito.so']);
        self::assertStringContainsString('library: libegito cannot be opened', $error);
        self::assertStringContainsString('/nowhere/libegito.so', $error);
        self::assertStringContainsString('EGITO_LIBRARY', $error);
    }

    public function testErrorHasTheReasonOfTheSystem(): void
    {
        self::assertStringContainsString('No such file', self::runPhp(self::LOAD, ['EGITO_LIBRARY' => '/nowhere/libegito.so']));
        self::assertStringContainsString('README.md: ', self::runPhp(self::LOAD, ['EGITO_LIBRARY' => dirname(__DIR__) . '/README.md']));
    }

    public function testInstalledPackageIgnoresFoldersAroundIt(): void
    {
        $vendor = sys_get_temp_dir() . '/egito-vendor-' . getmypid();
        $package = "$vendor/egito/egito";
        try {
            foreach (["$package/src/Exception", "$vendor/target/debug"] as $folder) {
                mkdir($folder, recursive: true);
            }
            foreach (['', '/Exception'] as $folder) {
                foreach (glob(dirname(__DIR__) . "/src$folder/*.php") as $file) {
                    copy($file, "$package/src$folder/" . basename($file));
                }
            }
            copy(dirname(__DIR__) . '/autoload.php', "$package/autoload.php");
            touch("$vendor/target/debug/libegito.so");
            $code = "require '$package/autoload.php'; echo implode(' ', Egito\Library::candidates(null));";
            self::assertSame('libegito.so.0', self::execute([PHP_BINARY, '-r', $code], array_diff_key(getenv(), ['EGITO_LIBRARY' => 1])));
        } finally {
            self::execute(['rm', '-r', $vendor]);
        }
    }

    public function testTwoAddressesInTheParametersOfARequestAreNamed(): void
    {
        [$_SERVER['EGITO_NAME'], $_ENV['EGITO_BASE_URL']] = ['firma', 'https://crm.example'];
        try {
            $error = self::thrown(\Egito\Exception\ConfigException::class, Client::fromEnv(...));
        } finally {
            unset($_SERVER['EGITO_NAME'], $_ENV['EGITO_BASE_URL']);
        }
        self::assertStringContainsString('EGITO_NAME and EGITO_BASE_URL are both set', $error->getMessage());
    }

    public function testSettingOverridesTheEnvironment(): void
    {
        $code = 'try { new Egito\Client(["library" => "/nowhere/mine.so"]); } catch (Egito\Exception\ConfigException $e) { echo $e->getMessage(); }';
        self::assertStringContainsString('/nowhere/mine.so', self::runPhp($code, ['EGITO_LIBRARY' => '/nowhere/other.so']));
    }

    public function testErrorSaysThatTheFfiClassIsDisabled(): void
    {
        self::assertStringContainsString('disable_classes', self::runPhp(self::LOAD, null, '-d', 'disable_classes=FFI'));
    }

    public function testErrorSaysHowToEnableFfi(): void
    {
        self::assertStringContainsString('set ffi.enable=1', self::runPhp(self::LOAD, null, '-d', 'ffi.enable=0'));
    }

    public function testOtherVersionIsRefused(): void
    {
        $directory = sys_get_temp_dir() . '/egito-' . getmypid();
        mkdir($directory);
        try {
            file_put_contents("$directory/other.c", 'const char *egito_version(void) { return "99.0.0"; }');
            self::execute(['cc', '-shared', '-fPIC', '-o', "$directory/other.so", "$directory/other.c"]);
            self::assertStringContainsString('other.so is version 99.0.0', self::runPhp(self::LOAD, ['EGITO_LIBRARY' => "$directory/other.so"]));
        } finally {
            array_map(unlink(...), glob("$directory/*"));
            rmdir($directory);
        }
    }
}
