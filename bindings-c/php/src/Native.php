<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;
use Egito\Exception\InternalException;

/**
 * @internal The C library: texts in and out, handles, errors thrown. The only class that sees FFI.
 *
 * Every call goes through call(). What the library hands out is freed at the place where it is taken. FFI's objects stay
 * in here, and are no arguments of a function that throws: the trace of an exception would keep them.
 */
final class Native
{
    /** @var array<string, self> by path: opened once in a process, or in a request of a web server */
    private static array $opened = [];

    private function __construct(private readonly \FFI $ffi)
    {
    }

    /** @throws ConfigException where there is no library, or one of another version */
    public static function load(?string $library = null): self
    {
        $tried = [];
        foreach (Library::candidates($library) as $path) {
            try {
                return self::$opened[$path] ??= self::open($path);
            } catch (\FFI\Exception $reason) {
                $tried[] = $reason->getMessage();
            }
        }
        throw Library::missing($tried);
    }

    /** Makes a client. */
    public function client(
        string $function,
        #[\SensitiveParameter]
        string $settings,
    ): Handle {
        $client = $this->call($function, null, ['settings_json' => $settings], 'egito_client *');
        return $this->handle('egito_client', $client);
    }

    /**
     * Begins a list.
     *
     * @param array<string, string> $arguments named as in egito.h
     */
    public function cursor(string $function, Handle $client, array $arguments): Handle
    {
        return $this->handle('egito_cursor', $this->call($function, $client, $arguments, 'egito_cursor *'));
    }

    /**
     * Calls a function that hands out text. Null is a NULL.
     *
     * @param array<string, string> $arguments named as in egito.h
     */
    public function text(string $function, Handle $of, array $arguments = []): ?string
    {
        $text = $this->call($function, $of, $arguments, 'char *');
        if (\FFI::isNull($text)) {
            return null;
        }
        try {
            return \FFI::string($text);
        } finally {
            $this->ffi->egito_string_free($text);
        }
    }

    public function close(Handle $client): void
    {
        $this->ffi->egito_client_close($this->pointer($client));
    }

    public function panic(Handle $client): never
    {
        $this->call('egito_panic_for_tests', $client, []);
        throw new InternalException(['message' => 'the library did not panic']);
    }

    public function free(Handle $handle): void
    {
        $this->ffi->{"{$handle->type}_free"}($this->pointer($handle));
    }

    /** @return array<string, string> the library's error codes by name, and the class that each has in all languages */
    public function codes(): array
    {
        $codes = [];
        for ($number = 1; ($name = $this->ffi->egito_code_name($number)) !== null; $number++) {
            $codes[$name] = $this->ffi->egito_code_class($number);
        }
        return $codes;
    }

    /**
     * Calls a function that can fail: on a handle, its arguments, its result, its error.
     *
     * @param array<string, string> $arguments
     * @param ?string $type of the result, where there is one
     */
    private function call(
        string $function,
        ?Handle $of,
        #[\SensitiveParameter]
        array $arguments,
        ?string $type = null,
    ): ?\FFI\CData {
        foreach ($arguments as $name => $argument) {
            if (str_contains($argument, "\0")) {
                throw ConfigException::about($name, "`$name` has a NUL byte inside; pass text without it");
            }
        }
        $result = $type === null ? null : $this->ffi->new($type);
        $error = $this->ffi->new('egito_error *');
        $status = $this->ffi->$function(
            ...($of === null ? [] : [$this->pointer($of)]),
            ...array_values($arguments),
            ...($result === null ? [] : [\FFI::addr($result)]),
            ...[\FFI::addr($error)],
        );
        if ($status === 0) {
            return $result;
        }
        try {
            $json = $this->ffi->egito_error_json($error);
            throw EgitoException::of(json_decode($json, true, flags: JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR));
        } finally {
            $this->ffi->egito_error_free($error);
        }
    }

    private function handle(string $type, \FFI\CData $pointer): Handle
    {
        return new Handle($this, $type, $this->ffi->cast('uintptr_t', $pointer)->cdata);
    }

    private function pointer(Handle $handle): \FFI\CData
    {
        $address = $handle->address; // cast() takes a reference, which a readonly property does not give
        return $this->ffi->cast("$handle->type *", $address);
    }

    private static function open(string $path): self
    {
        // The version first: the header of another one may not fit.
        $version = \FFI::cdef('const char *egito_version(void);', $path)->egito_version();
        if ($version !== Client::VERSION) {
            throw Library::otherVersion($path, $version);
        }
        return new self(\FFI::cdef(file_get_contents(__DIR__ . '/../egito.ffi.h'), $path));
    }
}
