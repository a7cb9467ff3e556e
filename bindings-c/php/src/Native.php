<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\InternalException;
use Egito\Exception\OutcomeUnknownException;
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
    /** How long one call of the library waits, in milliseconds; signal handlers run after it. */
    private const SLICE = 50;

    // egito_php_state
    private const TEXT = 1;
    private const FAILED = 2;
    private const WAITS = 3;
    private const ROW = 4;
    private const PROGRESS = 5;

    /** What changes the server's data, and its name. */
    private const WRITES = [
        'egito_php_create' => 'create',
        'egito_php_update' => 'update',
        'egito_php_delete' => 'delete',
        'egito_php_call_action' => 'call',
    ];

    /** @var array<string, self> by path: opened once in a process, or in a request of a web server */
    private static array $opened = [];

    /** Tells this request from others of the same process, since PHP forgets it after each. */
    private static ?int $request = null;

    /** Types that every call needs: C's declarations are read once, not at every call. */
    private readonly CType $text;

    private readonly CType $error;

    private readonly CType $result;

    private readonly CType $client;

    /** How values come in exceptions. */
    private Reading $reading;

    /** @param Functions $c */
    private function __construct(private readonly object $c)
    {
        $this->reading = new Reading();
        $this->text = $c->type('char *');
        $this->error = $c->type('egito_error *');
        $this->result = $c->type('egito_php_result');
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

    /**
     * Makes a call that needs the server, and waits for it in slices: between them PHP runs signal handlers and notices its time limit.
     * What a handler throws ends the call, and has what became of it as its previous exception.
     *
     * @param string $function one that takes a slice and a result, see php_calls.rs
     * @return ?string what the function gives; null for nothing
     */
    public function call(string $function, Handle $of, int|string ...$arguments): ?string
    {
        $result = $this->c->new($this->result);
        $all = [$this->pointer($of), ...$arguments, self::SLICE, \FFI::addr($result)];
        try {
            do {
                $this->c->$function(...$all);
            } while ($result->state === self::WAITS);
        } catch (\Throwable $thrown) {
            $ended = $this->ended($function, $result);
            $ended === null ? throw $thrown : self::throwAfter($ended, $thrown);
        }
        return $this->answer($result);
    }

    /** The response of a client's last call, as JSON. */
    public function response(Handle $client): string
    {
        $response = $this->c->new('egito_response *');
        $error = $this->c->new($this->error);
        if ($this->c->egito_client_response($this->pointer($client), \FFI::addr($response), \FFI::addr($error)) !== 0) {
            throw ExceptionFactory::fromJson($this->taken($error), $this->reading);
        }
        $json = $this->c->egito_response_json($response) ?? throw new InternalException(['message' => 'no response']);
        $this->c->egito_response_free($response);
        return $json;
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
     * Waits for the next row in slices, as call() does, or for room for another input if there are more.
     *
     * @return Progress|array{int, ?string, ?string, ?string}|null index, id, record and error of the row, as JSON; the progress
     *     after a call that has finished; null if there is room instead, or every input has its row
     */
    public function step(Handle $bulk, bool $more): Progress|array|null
    {
        $result = $this->c->new($this->result);
        $pointer = $this->pointer($bulk);
        $this->c->egito_php_bulk_step($pointer, $more, self::SLICE, \FFI::addr($result));
        while ($result->state === self::WAITS) {
            Signals::handle();
            $this->c->egito_php_bulk_step($pointer, $more, self::SLICE, \FFI::addr($result));
        }
        if ($result->state === self::PROGRESS) {
            return new Progress($this->c->egito_bulk_done($pointer), $this->c->egito_bulk_failed($pointer));
        }
        if ($result->state !== self::ROW) {
            $this->answer($result);
            return null;
        }
        $row = $result->row;
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

    /** What a call gives; its memory is freed. */
    private function answer(CData $result): ?string
    {
        if ($result->state === self::FAILED) {
            throw ExceptionFactory::fromJson($this->taken($result->error), $this->reading);
        }
        if ($result->state !== self::TEXT) {
            return null;
        }
        $text = $result->length === 0 ? '' : \FFI::string($result->text, $result->length);
        $this->c->egito_php_text_free($result->text);
        return $text;
    }

    /** Ends a call because a signal handler has thrown. What became of it; null where the server's data is as it was. */
    private function ended(string $function, CData $result): ?EgitoException
    {
        $this->c->egito_php_cancel(\FFI::addr($result));
        try {
            $answer = $this->answer($result);
        } catch (EgitoException $failure) {
            return $failure;
        }
        $action = self::WRITES[$function] ?? null;
        return $action === null || $answer === null ? null : new OutcomeUnknownException([
            'message' => "$action: a signal handler has thrown after the server had done it, and answered $answer",
            'action' => $action,
            'outcome' => Outcome::Unknown->value,
            'id' => $action === 'call' ? null : Json::id($answer),
        ]);
    }

    /** Throws, with another exception before it. */
    private static function throwAfter(EgitoException $previous, \Throwable $thrown): never
    {
        try {
            throw $previous;
        } finally {
            throw $thrown; // PHP makes the one that it replaces its previous one
        }
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
