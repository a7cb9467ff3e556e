<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/** @internal Where libegito is looked for, and what is said where it is not found. */
final class Library
{
    /** Of this package, and of the library that it needs. */
    public const VERSION = '0.1.0';

    private const FILES = ['Windows' => 'egito.dll', 'Darwin' => 'libegito.dylib', 'Linux' => 'libegito.so.0'];

    /** RTLD_NOW, as PHP itself opens it. */
    private const NOW = 2;

    /**
     * One that was named is the only candidate; else the one built in this checkout, then the system's.
     *
     * @return list<string>
     */
    public static function candidates(?string $library): array
    {
        if (!class_exists(\FFI::class)) {
            throw ConfigException::about('library', 'the extension ffi is missing; install or enable it');
        }
        if (!method_exists(\FFI::class, 'cdef')) {
            $message = 'the class FFI is disabled on this server (disable_classes in php.ini), and the package cannot work without it; '
                . 'remove FFI from that list, or ask the provider to';
            throw ConfigException::about('library', $message);
        }
        $named = $library ?? (string) getenv('EGITO_LIBRARY');
        if ($named !== '') {
            return [$named];
        }
        $file = self::FILES[PHP_OS_FAMILY] ?? self::FILES['Linux'];
        return [...self::built((string) preg_replace('/\.\d+$/', '', $file)), $file];
    }

    /**
     * Builds of this checkout, the newest first.
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

    /** Elsewhere, the folders around the package are somebody else's. */
    private static function inCheckout(): bool
    {
        return is_file(dirname(__DIR__, 2) . '/cbindgen.toml');
    }

    /** Why a candidate cannot be opened: PHP says that it failed, and only the system why. */
    public static function why(string $path, \FFI\Exception $failure): string
    {
        $message = $failure->getMessage();
        if (!str_starts_with($message, 'Failed loading')) {
            return $message;
        }
        try {
            $system = self::functions(\FFI::cdef('void *dlopen(const char *path, int mode); const char *dlerror(void);'));
            return $system->dlopen($path, self::NOW) === null ? $system->dlerror() ?? $message : $message;
        } catch (\FFI\Exception) { // Windows has other functions
            return $message;
        }
    }

    /** @param list<string> $tried what PHP said of each candidate */
    public static function missing(array $tried): ConfigException
    {
        $why = implode('; ', $tried);
        $what = str_contains($why, 'ffi.enable')
            ? 'set ffi.enable=1 in php.ini, or preload this package (opcache.preload), see its README'
            : 'install it, or name its path with the option `library` or in EGITO_LIBRARY';
        return ConfigException::about('library', "libegito cannot be opened ($why); $what");
    }

    /**
     * @return Functions
     * @throws \FFI\Exception where it cannot be opened
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
     * The C declarations as php.ini's `ffi.preload` wants them, see ffi-preload.php.
     *
     * @throws ConfigException where there is no library, or one of another version
     */
    public static function declarations(?string $library = null): string
    {
        $tried = [];
        foreach (self::candidates($library) as $path) {
            try {
                self::check($path);
                return sprintf("#define FFI_SCOPE \"%s\"\n#define FFI_LIB \"%s\"\n", self::scope($path), $path) . self::header();
            } catch (\FFI\Exception $failure) {
                $tried[] = self::why($path, $failure);
            }
        }
        throw self::missing($tried);
    }

    /** The version first: the header of another one may not fit. */
    private static function check(string $path): void
    {
        $version = self::functions(\FFI::cdef('const char *egito_version(void);', $path))->egito_version();
        if ($version !== self::VERSION) {
            throw self::otherVersion($path, $version);
        }
    }

    private static function otherVersion(string $path, string $version): ConfigException
    {
        $wanted = self::VERSION;
        $message = "the library $path is version $version, this package $wanted; install the same version of both";
        return ConfigException::about('library', $message);
    }

    private static function scope(string $path): string
    {
        return 'egito-' . self::VERSION . ':' . $path; // of another version's declarations nothing is found
    }

    private static function header(): string
    {
        return (string) file_get_contents(__DIR__ . '/../egito.ffi.h');
    }

    /** @return Functions */
    private static function functions(?object $ffi): object
    {
        /** @var Functions $functions what \FFI does not say of itself */
        $functions = $ffi;
        return $functions;
    }
}
