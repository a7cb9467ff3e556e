<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\InternalException;
use Egito\Exception\OutcomeUnknownException;
use FFI\CData;
use FFI\CType;

/**
 * @internal Calls the C library: converts strings, wraps handles, throws errors. The only class that uses FFI.
 *
 * Memory of the library is freed as soon as it is received. FFI data never leaves this class, and is never an argument
 * of a function that throws: the trace of the exception would keep it. Strings that are passed in contain no NUL byte
 * (see withoutNul()).
 *
 * @phpstan-type Row array{
 *     index: int,
 *     id: ?string,
 *     record: ?string,
 *     error: ?string,
 *     resumed: bool,
 *     change: ?string,
 *     fields: list<string>,
 *     duplicates: list<string>,
 *     plannedFor: ?string,
 * } parts of a row; ids, record and error as JSON
 */
final class Native
{
    /** How long one call of the library waits, in milliseconds. Signal handlers run between two calls. */
    private const WAIT_MS = 50;

    // egito_php_state
    private const TEXT = 1;
    private const FAILED = 2;
    private const PENDING = 3;
    private const ROW = 4;
    private const PROGRESS = 5;

    /**
     * Functions that change data on the server, and their actions. Not createOnce() and upsert(): a second call finds
     * the record.
     */
    private const WRITES = [
        'egito_php_create' => 'create',
        'egito_php_update' => 'update',
        'egito_php_delete' => 'delete',
        'egito_php_call_action' => 'call',
    ];

    /** @var array<string, self> opened libraries by path: once per process, or per request of a web server */
    private static array $opened = [];

    /** Identifies this request among those of the same process. PHP resets it after each request. */
    private static ?int $request = null;

    /** Types that every call needs, parsed once and not in every call. */
    private readonly CType $text;

    private readonly CType $error;

    private readonly CType $result;

    private readonly CType $client;

    /** How to decode the values of exceptions. */
    private DecodeOptions $decode;

    /** @param Functions $c */
    private function __construct(private readonly object $c)
    {
        $this->decode = new DecodeOptions();
        $this->text = $c->type('char *');
        $this->error = $c->type('egito_error *');
        $this->result = $c->type('egito_php_result');
        $this->client = $c->type('egito_client *');
        // Free what an earlier request has left after a fatal error: PHP calls no destructors then.
        $c->egito_php_begin_request(self::$request ??= random_int(1, PHP_INT_MAX));
    }

    /** @throws Exception\ConfigException if there is no library, or only one of another version */
    public static function load(?string $library = null): self
    {
        $reasons = [];
        foreach (Library::candidates($library) as $path) {
            try {
                return self::$opened[$path] ??= new self(Library::open($path));
            } catch (\FFI\Exception $failure) {
                $reasons[] = Library::reason($path, $failure);
            }
        }
        throw Library::notFound($reasons);
    }

    /** Returns the same library for a client that decodes values like this. */
    public function withDecodeOptions(DecodeOptions $decode): self
    {
        $native = clone $this;
        $native->decode = $decode;
        return $native;
    }

    /** Returns a string that is passed to the library unchanged. Refuses a NUL byte, at which C would cut it. */
    public static function withoutNul(string $name, string $value): string
    {
        return !str_contains($value, "\0")
            ? $value
            : throw Exception\ConfigException::about($name, "invalid `$name`: it contains a NUL byte");
    }

    /**
     * Calls a function that returns a new handle: a client, a list, a bulk.
     *
     * @param string $type type of the handle, such as `egito_cursor`
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
            : throw ExceptionFactory::fromJson($this->takeError($error), $this->decode);
    }

    /** Calls a function that returns a string, or NULL. */
    public function text(string $function, Handle $of, int|string ...$arguments): ?string
    {
        $text = $this->c->new($this->text);
        $error = $this->c->new($this->error);
        $arguments[] = \FFI::addr($text);
        $arguments[] = \FFI::addr($error);
        if ($this->c->$function($this->pointer($of), ...$arguments) !== 0) {
            throw ExceptionFactory::fromJson($this->takeError($error), $this->decode);
        }
        if (\FFI::isNull($text)) {
            return null;
        }
        $copy = \FFI::string($text);
        $this->c->egito_string_free($text);
        return $copy;
    }

    /**
     * Calls the server, and waits in short steps: between them PHP runs signal handlers and checks its time limit. An
     * exception of a handler aborts the call; its previous exception says what is known about the call.
     *
     * @param string $function a function with the parameters `wait_ms` and `result`, see php_calls.rs
     * @return ?string result of the function, or null
     */
    public function call(string $function, Handle $of, int|string ...$arguments): ?string
    {
        $result = $this->c->new($this->result);
        $all = [$this->pointer($of), ...$arguments, self::WAIT_MS, \FFI::addr($result)];
        try {
            do {
                $this->c->$function(...$all);
            } while ($result->state === self::PENDING);
        } catch (\Throwable $thrown) {
            $failure = $this->abort($function, $result);
            $failure === null ? throw $thrown : self::throwAfter($failure, $thrown);
        }
        return $this->takeResult($result);
    }

    /** Calls a function that returns a 64-bit integer. */
    public function number(string $function, Handle $of, string ...$arguments): int
    {
        $number = $this->c->new('int64_t');
        $error = $this->c->new($this->error);
        $all = [$this->pointer($of), ...$arguments, \FFI::addr($number), \FFI::addr($error)];
        return $this->c->$function(...$all) === 0
            ? self::int($number)
            : throw ExceptionFactory::fromJson($this->takeError($error), $this->decode);
    }

    /** Calls a function that returns nothing. */
    public function run(string $function, Handle $of, int|string ...$arguments): void
    {
        $error = $this->c->new($this->error);
        $all = [$this->pointer($of), ...$arguments, \FFI::addr($error)];
        if ($this->c->$function(...$all) !== 0) {
            throw ExceptionFactory::fromJson($this->takeError($error), $this->decode);
        }
    }

    /** Returns the response of a client's last call, as JSON. */
    public function response(Handle $client): string
    {
        $response = $this->c->new('egito_response *');
        $error = $this->c->new($this->error);
        if ($this->c->egito_client_response($this->pointer($client), \FFI::addr($response), \FFI::addr($error)) !== 0) {
            throw ExceptionFactory::fromJson($this->takeError($error), $this->decode);
        }
        $json = $this->c->egito_response_json($response) ?? throw new InternalException(['message' => 'no response']);
        $this->c->egito_response_free($response);
        return $json;
    }

    /** Checks the name of an entity. */
    public function checkEntity(Handle $client, string $name): void
    {
        $error = $this->c->new($this->error);
        if ($this->c->egito_check_entity($this->pointer($client), $name, \FFI::addr($error)) !== 0) {
            throw ExceptionFactory::fromJson($this->takeError($error), $this->decode);
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

    /**
     * @param ?string $change change of a row of a plan; null for the inputs of other bulks, like $plannedFor
     */
    public function push(Handle $bulk, ?string $id, ?string $record, ?string $change, ?string $plannedFor): void
    {
        $error = $this->c->new($this->error);
        $pointer = $this->pointer($bulk);
        $status = $this->c->egito_bulk_push_planned($pointer, $id, $change, $record, $plannedFor, \FFI::addr($error));
        if ($status !== 0) {
            throw ExceptionFactory::fromJson($this->takeError($error), $this->decode);
        }
    }

    /**
     * Waits for the next row in short steps, like call(), or for room for another input if there are more.
     *
     * @return Progress|array<string, mixed>|null a row; the progress after a call that has finished; null if there is
     *     room, or if every input has its row
     * @phpstan-return Progress|Row|null
     */
    public function step(Handle $bulk, bool $more): Progress|array|null
    {
        $result = $this->c->new($this->result);
        $pointer = $this->pointer($bulk);
        $this->c->egito_php_bulk_step($pointer, $more, self::WAIT_MS, \FFI::addr($result));
        while ($result->state === self::PENDING) {
            Signals::dispatch();
            $this->c->egito_php_bulk_step($pointer, $more, self::WAIT_MS, \FFI::addr($result));
        }
        if ($result->state === self::PROGRESS) {
            return new Progress($this->c->egito_bulk_done($pointer), $this->c->egito_bulk_failed($pointer));
        }
        if ($result->state !== self::ROW) {
            $this->takeResult($result);
            return null;
        }
        $row = $result->row;
        $failed = $this->c->egito_row_error($row);
        $parts = [
            'index' => $this->c->egito_row_index($row),
            'id' => $this->c->egito_row_id_json($row),
            'record' => $this->c->egito_row_record_json($row),
            'error' => $failed === null ? null : $this->c->egito_error_json($failed),
            'resumed' => $this->c->egito_row_is_resumed($row),
            'plannedFor' => $this->c->egito_row_planned_for($row),
        ];
        $parts += $this->changeOf($row);
        $this->c->egito_row_free($row);
        return $parts;
    }

    /**
     * Returns what an upsert did.
     *
     * @return array{change: ?string, fields: list<string>, duplicates: list<string>}
     */
    private function changeOf(CData $row): array
    {
        $change = $this->c->egito_change_name($this->c->egito_row_change($row));
        if ($change === null) {
            return ['change' => null, 'fields' => [], 'duplicates' => []];
        }
        [$fields, $duplicates] = [[], []];
        while (($field = $this->c->egito_row_field($row, count($fields))) !== null) {
            $fields[] = $field;
        }
        while (($id = $this->c->egito_row_duplicate_id_json($row, count($duplicates))) !== null) {
            $duplicates[] = $id;
        }
        return compact('change', 'fields', 'duplicates');
    }

    /** @return array<string, string> error codes of the library, and the name of the class of each */
    public function codes(): array
    {
        $codes = [];
        for ($number = 1; ($name = $this->c->egito_code_name($number)) !== null; $number++) {
            $codes[$name] = $this->c->egito_code_class($number);
        }
        return $codes;
    }

    /** Returns the result of a call and frees its memory. */
    private function takeResult(CData $result): ?string
    {
        if ($result->state === self::FAILED) {
            throw ExceptionFactory::fromJson($this->takeError($result->error), $this->decode);
        }
        if ($result->state !== self::TEXT) {
            return null;
        }
        $text = $result->length === 0 ? '' : \FFI::string($result->text, $result->length);
        $this->c->egito_php_text_free($result->text);
        return $text;
    }

    /**
     * Aborts a call because a signal handler has thrown. Returns what is known about the call; null if it changed
     * nothing on the server.
     */
    private function abort(string $function, CData $result): ?EgitoException
    {
        $this->c->egito_php_cancel(\FFI::addr($result));
        try {
            $response = $this->takeResult($result);
        } catch (EgitoException $failure) {
            return $failure;
        }
        $action = self::WRITES[$function] ?? null;
        return $action === null || $response === null ? null : new OutcomeUnknownException([
            'message' => "$action: a signal handler has thrown after the server had done it; it responded $response",
            'action' => $action,
            'outcome' => Outcome::Unknown->value,
            'id' => $action === 'call' ? null : Json::id($response),
        ]);
    }

    /** Throws an exception with another one as its previous exception. */
    private static function throwAfter(EgitoException $previous, \Throwable $thrown): never
    {
        try {
            throw $previous;
        } finally {
            throw $thrown; // PHP sets the replaced exception as its previous one
        }
    }

    /** Returns the JSON of an error and frees it. */
    private function takeError(CData $error): string
    {
        $json = $this->c->egito_error_json($error);
        $this->c->egito_error_free($error);
        return $json;
    }

    private function pointer(Handle $handle): CData
    {
        $address = $handle->address; // cast() takes a reference, which a readonly property forbids
        return $this->c->cast($handle->type === 'egito_client' ? $this->client : "$handle->type *", $address);
    }

    private static function int(CData $number): int
    {
        return is_int($number->cdata) ? $number->cdata : throw new InternalException(['message' => 'no int']);
    }
}
