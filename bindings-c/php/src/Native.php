<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\InternalException;
use FFI\CData;
use FFI\CType;

/**
 * @internal The C library: texts in and out, handles, errors thrown. The only class that sees FFI.
 *
 * What the library hands out is freed at the place where it is taken. FFI's data stays in here, and is no argument of a
 * function that throws: the trace of an exception would keep it. Texts that go in have no NUL inside (see plain()).
 */
final class Native
{
    /** @var array<string, self> by path: opened once in a process, or in a request of a web server */
    private static array $opened = [];

    /** Tells this request from others of the same process, since PHP forgets it after each. */
    private static ?int $request = null;

    /** Types that every call needs: C's declarations are read once, not at every call. */
    private readonly CType $text;

    private readonly CType $length;

    private readonly CType $error;

    private readonly CType $client;

    /** How values come in exceptions. */
    private Reading $reading;

    /** @param Functions $c */
    private function __construct(private readonly object $c)
    {
        $this->reading = new Reading();
        $this->text = $c->type('char *');
        $this->length = $c->type('uintptr_t');
        $this->error = $c->type('egito_error *');
        $this->client = $c->type('egito_client *');
        // What a request left behind that ended by a fatal error: PHP has called no destructor for it.
        $c->egito_php_begin_request(self::$request ??= random_int(1, PHP_INT_MAX));
    }

    /** @throws Exception\ConfigException where there is no library, or one of another version */
    public static function load(?string $library = null): self
    {
        $tried = [];
        foreach (Library::candidates($library) as $path) {
            try {
                return self::$opened[$path] ??= new self(Library::open($path));
            } catch (\FFI\Exception $failure) {
                $tried[] = Library::why($path, $failure);
            }
        }
        throw Library::missing($tried);
    }

    /** The same library, for a client whose values come out like this. */
    public function reading(Reading $reading): self
    {
        $native = clone $this;
        $native->reading = $reading;
        return $native;
    }

    /** A text that goes to the library as it is, which C would cut at a NUL. */
    public static function plain(string $name, string $text): string
    {
        return !str_contains($text, "\0")
            ? $text
            : throw Exception\ConfigException::about($name, "`$name` has a NUL byte inside; pass text without it");
    }

    /**
     * Calls a function that hands out a handle: a client, a list, a bulk.
     *
     * @param string $type of the handle, such as `egito_cursor`
     * @param string ...$arguments as in egito.h
     */
    public function handle(
        string $function,
        string $type,
        ?Handle $of,
        #[\SensitiveParameter]
        string ...$arguments,
    ): Handle {
        $handle = $this->c->new("$type *");
        $error = $this->c->new($this->error);
        $all = [...($of === null ? [] : [$this->pointer($of)]), ...$arguments, \FFI::addr($handle), \FFI::addr($error)];
        return $this->c->$function(...$all) === 0
            ? new Handle($this->free(...), $type, self::int($this->c->cast('uintptr_t', $handle)))
            : throw ExceptionFactory::fromJson($this->taken($error), $this->reading);
    }

    /** Calls a function that hands out text. Null is a NULL. */
    public function text(string $function, Handle $of, string ...$arguments): ?string
    {
        $text = $this->c->new($this->text);
        $error = $this->c->new($this->error);
        $arguments[] = \FFI::addr($text);
        $arguments[] = \FFI::addr($error);
        if ($this->c->$function($this->pointer($of), ...$arguments) !== 0) {
            throw ExceptionFactory::fromJson($this->taken($error), $this->reading);
        }
        if (\FFI::isNull($text)) {
            return null;
        }
        $copy = \FFI::string($text);
        $this->c->egito_string_free($text);
        return $copy;
    }

    /** Calls a function that hands out records as unserialize() reads them. Null is a NULL. */
    public function records(string $function, Handle $of, int|string ...$arguments): ?string
    {
        $records = $this->c->new($this->text);
        $length = $this->c->new($this->length);
        $error = $this->c->new($this->error);
        array_push($arguments, \FFI::addr($records), \FFI::addr($length), \FFI::addr($error));
        if ($this->c->$function($this->pointer($of), ...$arguments) !== 0) {
            throw ExceptionFactory::fromJson($this->taken($error), $this->reading);
        }
        return \FFI::isNull($records) ? null : \FFI::string($records, self::int($length));
    }

    /** Calls a function that hands out a number or a truth of this type. */
    public function scalar(string $function, Handle $of, string $type): int|bool
    {
        $value = $this->c->new($type);
        $error = $this->c->new($this->error);
        if ($this->c->$function($this->pointer($of), \FFI::addr($value), \FFI::addr($error)) !== 0) {
            throw ExceptionFactory::fromJson($this->taken($error), $this->reading);
        }
        return is_bool($value->cdata) ? $value->cdata : self::int($value);
    }

    /** The events of a queue since the last time, as JSON. */
    public function events(Handle $events): ?string
    {
        return $this->text('egito_php_events_take', $events);
    }

    /** Checks an entity's name. */
    public function checkEntity(Handle $client, string $name): void
    {
        $error = $this->c->new($this->error);
        if ($this->c->egito_check_entity($this->pointer($client), $name, \FFI::addr($error)) !== 0) {
            throw ExceptionFactory::fromJson($this->taken($error), $this->reading);
        }
    }

    public function close(Handle $client): void
    {
        $this->c->egito_client_close($this->pointer($client));
    }

    public function free(Handle $handle): void
    {
        $this->c->{"{$handle->type}_free"}($this->pointer($handle));
    }

    public function keepAllRows(Handle $bulk): void
    {
        $this->c->egito_bulk_keep_all_rows($this->pointer($bulk));
    }

    public function cancel(Handle $bulk): void
    {
        $this->c->egito_bulk_cancel($this->pointer($bulk));
    }

    public function push(Handle $bulk, ?string $id, ?string $record): void
    {
        $error = $this->c->new($this->error);
        if ($this->c->egito_bulk_push($this->pointer($bulk), $id, $record, \FFI::addr($error)) !== 0) {
            throw ExceptionFactory::fromJson($this->taken($error), $this->reading);
        }
    }

    /**
     * Waits for the next row, or for room for another input if there are more.
     *
     * @return Progress|array{int, ?string, ?string, ?string}|null index, id, record and error of the row, as JSON; the progress
     *     after a call that has finished; null if there is room instead, or every input has its row
     */
    public function step(Handle $bulk, bool $more): Progress|array|null
    {
        $row = $this->c->new('egito_row *');
        $room = $this->c->new('bool');
        $progressed = $this->c->new('bool');
        $error = $this->c->new($this->error);
        $results = [\FFI::addr($row), \FFI::addr($room), \FFI::addr($progressed), \FFI::addr($error)];
        if ($this->c->egito_bulk_step_or_progress($this->pointer($bulk), $more, ...$results) !== 0) {
            throw ExceptionFactory::fromJson($this->taken($error), $this->reading);
        }
        if ($progressed->cdata) {
            $pointer = $this->pointer($bulk);
            return new Progress($this->c->egito_bulk_done($pointer), $this->c->egito_bulk_failed($pointer));
        }
        if (\FFI::isNull($row)) {
            return null;
        }
        $failed = $this->c->egito_row_error($row);
        $fields = [
            $this->c->egito_row_index($row),
            $this->c->egito_row_id_json($row),
            $this->c->egito_row_record_json($row),
            $failed === null ? null : $this->c->egito_error_json($failed),
        ];
        $this->c->egito_row_free($row);
        return $fields;
    }

    /** @return array<string, string> the library's error codes by name, and the class that each has in all languages */
    public function codes(): array
    {
        $codes = [];
        for ($number = 1; ($name = $this->c->egito_code_name($number)) !== null; $number++) {
            $codes[$name] = $this->c->egito_code_class($number);
        }
        return $codes;
    }

    public function panic(Handle $client): never
    {
        $error = $this->c->new($this->error);
        throw $this->c->egito_panic_for_tests($this->pointer($client), \FFI::addr($error)) !== 0
            ? ExceptionFactory::fromJson($this->taken($error), $this->reading)
            : new InternalException(['message' => 'the library did not panic']);
    }

    /** The JSON of an error, which is freed. */
    private function taken(CData $error): string
    {
        $json = $this->c->egito_error_json($error);
        $this->c->egito_error_free($error);
        return $json;
    }

    private function pointer(Handle $handle): CData
    {
        $address = $handle->address; // cast() takes a reference, which a readonly property does not give
        return $this->c->cast($handle->type === 'egito_client' ? $this->client : "$handle->type *", $address);
    }

    private static function int(CData $number): int
    {
        return is_int($number->cdata) ? $number->cdata : throw new InternalException(['message' => 'no int']);
    }
}
