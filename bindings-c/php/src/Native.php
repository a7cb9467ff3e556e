<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;
use Egito\Exception\InternalException;

/**
 * @internal The C library: texts in and out, handles, errors thrown. The only class that sees FFI.
 *
 * Every call goes through call(). What the library hands out is freed at the place where it is taken.
 */
final class Native
{
    /** @var array<string, self> by the library's path: a library is opened once in a process (a request of a web server) */
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
        $client = $this->ffi->new('egito_client *');
        $this->call($function, ['settings_json' => $settings], \FFI::addr($client));
        return $this->owned('egito_client', $client);
    }

    /**
     * Calls a function that hands out text. Null is a NULL.
     *
     * @param array<string, string> $arguments named as in egito.h
     */
    public function text(string $function, Handle $of, array $arguments = []): ?string
    {
        $text = $this->ffi->new('char *');
        $this->call($function, ['handle' => $of->pointer] + $arguments, \FFI::addr($text));
        if (\FFI::isNull($text)) {
            return null;
        }
        try {
            return \FFI::string($text);
        } finally {
            $this->ffi->egito_string_free($text);
        }
    }

    /**
     * Calls a function that hands out a handle of the type.
     *
     * @param array<string, string> $arguments named as in egito.h
     */
    public function handle(string $type, string $function, Handle $of, array $arguments): Handle
    {
        $handle = $this->ffi->new("$type *");
        $this->call($function, ['handle' => $of->pointer] + $arguments, \FFI::addr($handle));
        return $this->owned($type, $handle);
    }

    public function close(Handle $client): void
    {
        $this->ffi->egito_client_close($client->pointer);
    }

    public function panic(Handle $client): never
    {
        $this->call('egito_panic_for_tests', ['handle' => $client->pointer]);
        throw new InternalException(['message' => 'the library did not panic']);
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
     * Calls a function that can fail: its arguments, its result if it has one, its error.
     *
     * @param array<string, mixed> $arguments
     */
    private function call(
        string $function,
        #[\SensitiveParameter]
        array $arguments,
        object ...$result,
    ): void {
        foreach ($arguments as $name => $argument) {
            if (is_string($argument) && str_contains($argument, "\0")) {
                throw ConfigException::about($name, "`$name` has a NUL byte inside; pass text without it");
            }
        }
        $error = $this->ffi->new('egito_error *');
        $status = $this->ffi->$function(...array_values($arguments), ...$result, ...[\FFI::addr($error)]);
        if ($status === 0) {
            return;
        }
        try {
            throw EgitoException::of($this->details($error));
        } finally {
            $this->ffi->egito_error_free($error);
        }
    }

    /** The closure keeps the library open as long as the handle. (PHP 8.2 crashes on `$ffi->name(...)`.) */
    private function owned(string $type, object $pointer): Handle
    {
        return new Handle($pointer, fn (object $pointer) => $this->ffi->{"{$type}_free"}($pointer));
    }

    /** @return array<string, mixed> */
    private function details(object $error): array
    {
        $json = $this->ffi->egito_error_json($error);
        // What came from the server may be JSON that PHP cannot read, such as half of a surrogate pair.
        return json_decode($json, true, flags: JSON_BIGINT_AS_STRING) ?? [
            'code' => $this->ffi->egito_error_name($error),
            'message' => $this->ffi->egito_error_message($error),
            'outcome' => [1 => 'not_sent', 'rejected', 'unknown'][$this->ffi->egito_error_outcome($error)] ?? null,
            'status' => $this->ffi->egito_error_http_status($error) ?: null,
            'attempts' => $this->ffi->egito_error_attempts($error),
        ];
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
