<?php

/** The library is found, and said clearly what is wrong where it is not. */

declare(strict_types=1);

use Egito\Client;

$load = '$e = null; try { Egito\Native::load(); echo "opened"; } catch (Egito\Exception\ConfigException $e) {'
    . ' echo $e->setting, ": ", $e->getMessage(); }';

return [
    'the package has the version of the checkout' => static function (): void {
        contains('version = "' . Client::VERSION . '"', file_get_contents(__DIR__ . '/../../../Cargo.toml'));
        contains('"version": "' . Client::VERSION . '"', file_get_contents(__DIR__ . '/../composer.json'));
    },
    'the package has the licence and a README of its own' => static function (): void {
        same(file_get_contents(__DIR__ . '/../../../LICENSE'), file_get_contents(__DIR__ . '/../LICENSE'));
        same(true, is_file(__DIR__ . '/../README.md'));
    },
    'the newest build of the checkout is taken' => static function (): void {
        $root = sys_get_temp_dir() . '/egito-checkout-' . getmypid();
        $package = "$root/bindings-c/php";
        try {
            foreach (["$package/src", "$root/target/debug", "$root/target/release"] as $folder) {
                mkdir($folder, recursive: true);
            }
            copy(dirname(__DIR__) . '/src/Library.php', "$package/src/Library.php");
            touch("$root/bindings-c/cbindgen.toml");
            $code = "require '$package/src/Library.php'; echo implode(' ', Egito\\Library::candidates(null));";
            $found = static fn (): string => output([PHP_BINARY, '-r', $code], array_diff_key(getenv(), ['EGITO_LIBRARY' => 1]));
            $release = "$root/target/release/libegito.so";
            $debug = "$root/target/debug/libegito.so";
            touch($release, 1000);
            same("$release libegito.so.0", $found());
            touch($debug, 2000);
            same("$debug $release libegito.so.0", $found());
            touch($release, 3000);
            same("$release $debug libegito.so.0", $found());
        } finally {
            output(['rm', '-r', $root]);
        }
    },
    'it is found where EGITO_LIBRARY says' => static function () use ($load): void {
        $library = dirname(__DIR__, 3) . '/target/debug/libegito.so';
        same('opened', php($load, ['EGITO_LIBRARY' => $library]));
    },
    'where it is missing, the error says what to do' => static function (Sandbox $sandbox) use ($load): void {
        $error = php($load, ['EGITO_LIBRARY' => '/nowhere/libegito.so']);
        contains('library: libegito cannot be opened', $error);
        contains('/nowhere/libegito.so', $error);
        contains('EGITO_LIBRARY', $error);
    },
    'where it cannot be opened, the error has the reason of the system' => static function () use ($load): void {
        contains('No such file', php($load, ['EGITO_LIBRARY' => '/nowhere/libegito.so']));
        contains('README.md: ', php($load, ['EGITO_LIBRARY' => dirname(__DIR__) . '/README.md']));
    },
    'an installed package looks into no folder around it' => static function (): void {
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
            same('libegito.so.0', output([PHP_BINARY, '-r', $code], array_diff_key(getenv(), ['EGITO_LIBRARY' => 1])));
        } finally {
            output(['rm', '-r', $vendor]);
        }
    },
    'the setting goes before the environment' => static function (): void {
        $code = 'try { new Egito\Client(["library" => "/nowhere/mine.so"]); } catch (Egito\Exception\ConfigException $e) { echo $e->getMessage(); }';
        contains('/nowhere/mine.so', php($code, ['EGITO_LIBRARY' => '/nowhere/other.so']));
    },
    'where the class FFI is disabled, the error says so' => static function () use ($load): void {
        contains('disable_classes', php($load, null, '-d', 'disable_classes=FFI'));
    },
    'where FFI is off, the error says how to turn it on' => static function () use ($load): void {
        contains('set ffi.enable=1', php($load, null, '-d', 'ffi.enable=0'));
    },
    'another version is refused' => static function () use ($load): void {
        $directory = sys_get_temp_dir() . '/egito-' . getmypid();
        mkdir($directory);
        try {
            file_put_contents("$directory/other.c", 'const char *egito_version(void) { return "99.0.0"; }');
            output(['cc', '-shared', '-fPIC', '-o', "$directory/other.so", "$directory/other.c"]);
            contains('other.so is version 99.0.0', php($load, ['EGITO_LIBRARY' => "$directory/other.so"]));
        } finally {
            array_map(unlink(...), glob("$directory/*"));
            rmdir($directory);
        }
    },
];
