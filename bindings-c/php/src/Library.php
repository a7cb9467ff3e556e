<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/** @internal Finds and opens libegito. */
final class Library
{
    /** Version of this package and of the library that it needs. */
    public const VERSION = '0.1.0';

    private const FILES = ['Windows' => 'egito.dll', 'Darwin' => 'libegito.dylib', 'Linux' => 'libegito.so.0'];

    /** Flag of dlopen(): the one that PHP itself uses. */
    private const RTLD_NOW = 2;

    /**
     * Returns the paths to try: only the configured one, or the builds of this checkout and then the system's library.
     *
     * @return list<string>
     */
    public static function candidates(?string $library): array
    {
        if (!class_exists(\FFI::class)) {
            throw ConfigException::about('library', 'the extension ffi is missing; install or enable it');
        }
        if (!method_exists(\FFI::class, 'cdef')) {
            $message = 'the class FFI is disabled on this server (disable_classes in php.ini), and this package needs '
                . 'it; remove FFI from that list, or ask the provider to do so';
            throw ConfigException::about('library', $message);
        }
        $configured = $library ?? (string) getenv('EGITO_LIBRARY');
        if ($configured !== '') {
            return [$configured];
        }
        $file = self::FILES[PHP_OS_FAMILY] ?? self::FILES['Linux'];
        return [...self::built((string) preg_replace('/\.\d+$/', '', $file)), $file];
    }

    /**
     * Returns the builds of this checkout, the newest first.
     *
     * @return list<string>
     */
    private static function built(string $file): array
    {
        $times = [];
        foreach (self::inCheckout() ? ['release', 'debug'] : [] as $profile) {
            $path = dirname(__DIR__, 3) . "/target/$profile/$file";
            if (is_file($path)) {
                $times[$path] = filemtime($path);
            }
        }
        arsort($times);
        return array_keys($times);
    }

    /** Outside a checkout, the folders around the package belong to other projects. */
    private static function inCheckout(): bool
    {
        return is_file(dirname(__DIR__, 2) . '/cbindgen.toml');
    }

    /** Returns why a library cannot be opened. PHP only says that it failed; dlerror() knows the reason. */
    public static function reason(string $path, \FFI\Exception $failure): string
    {
        $message = $failure->getMessage();
        if (!str_starts_with($message, 'Failed loading')) {
            return $message;
        }
        try {
            $declarations = 'void *dlopen(const char *path, int mode); const char *dlerror(void);';
            $system = self::functions(\FFI::cdef($declarations));
            return $system->dlopen($path, self::RTLD_NOW) === null ? $system->dlerror() ?? $message : $message;
        } catch (\FFI\Exception) { // Windows has other functions
            return $message;
        }
    }

    /** @param list<string> $reasons why each candidate could not be opened */
    public static function notFound(array $reasons): ConfigException
    {
        $reason = implode('; ', $reasons);
        $hint = str_contains($reason, 'ffi.enable')
            ? 'set ffi.enable=1 in php.ini, or preload this package (opcache.preload), see its README'
            : 'install it, or set its path with the setting `library` or in EGITO_LIBRARY';
        return ConfigException::about('library', "libegito cannot be opened ($reason); $hint");
    }

    /**
     * @return Functions
     * @throws \FFI\Exception if it cannot be opened
     */
    public static function open(string $path): object
    {
        try {
            return self::functions(\FFI::scope(self::scope($path)));
        } catch (\FFI\Exception) {
            self::check($path);
            return self::functions(\FFI::cdef(self::header(), $path));
        }
    }

    /**
     * Returns the C declarations for `ffi.preload` of php.ini, see ffi-preload.php.
     *
     * @throws ConfigException if there is no library, or only one of another version
     */
    public static function declarations(?string $library = null): string
    {
        $reasons = [];
        foreach (self::candidates($library) as $path) {
            try {
                self::check($path);
                $scope = self::scope($path);
                return "#define FFI_SCOPE \"$scope\"\n#define FFI_LIB \"$path\"\n" . self::header();
            } catch (\FFI\Exception $failure) {
                $reasons[] = self::reason($path, $failure);
            }
        }
        throw self::notFound($reasons);
    }

    /** Checks the version first: the header of another version may not fit. */
    private static function check(string $path): void
    {
        $version = self::functions(\FFI::cdef('const char *egito_version(void);', $path))->egito_version();
        if ($version !== self::VERSION) {
            throw self::otherVersion($path, $version);
        }
    }

    private static function otherVersion(string $path, string $version): ConfigException
    {
        $expected = self::VERSION;
        $message = "the library $path is version $version, but this package needs $expected; "
            . 'install the same version of both';
        return ConfigException::about('library', $message);
    }

    private static function scope(string $path): string
    {
        return 'egito-' . self::VERSION . ':' . $path; // never finds declarations of another version
    }

    private static function header(): string
    {
        return (string) file_get_contents(__DIR__ . '/../egito.ffi.h');
    }

    /** @return Functions */
    private static function functions(?object $ffi): object
    {
        /** @var Functions $functions \FFI does not declare them itself */
        $functions = $ffi;
        return $functions;
    }
}
