<?php

declare(strict_types=1);

namespace Egito;

use FFI\CData;
use FFI\CType;

/**
 * @internal Declares the functions of libegito and \FFI that this package calls, for type checkers: \FFI itself
 * declares none of them. egito.ffi.h has their parameters, egito.h describes them.
 *
 * @method CData new(CType|string $type)
 * @method CData cast(CType|string $type, mixed &$address)
 * @method CType type(string $type)
 * @method CData|null dlopen(string $path, int $mode)
 * @method string|null dlerror()
 * @method string egito_version()
 * @method void egito_php_begin_request(int $request)
 * @method string|null egito_code_name(int $number)
 * @method string egito_code_class(int $number)
 * @method string egito_error_json(CData $error)
 * @method void egito_error_free(CData $error)
 * @method void egito_string_free(CData $text)
 * @method void egito_client_close(CData $client)
 * @method int egito_check_entity(CData $client, string $entity, CData $error)
 * @method int egito_client_response(CData $client, CData $response, CData $error)
 * @method string|null egito_response_json(CData $response)
 * @method void egito_response_free(CData $response)
 * @method void egito_bulk_keep_all_rows(CData $bulk)
 * @method void egito_bulk_cancel(CData $bulk)
 * @method int egito_bulk_push_planned(CData $bulk, ?string $id, ?string $change, ?string $record,
 *     ?string $plannedFor, CData $error)
 * @method void egito_php_bulk_step(CData $bulk, bool $more, int $milliseconds, CData $result)
 * @method void egito_php_cancel(CData $result)
 * @method void egito_php_text_free(CData $text)
 * @method int egito_bulk_done(CData $bulk)
 * @method int egito_bulk_failed(CData $bulk)
 * @method int egito_row_index(CData $row)
 * @method string|null egito_row_id_json(CData $row)
 * @method string|null egito_row_record_json(CData $row)
 * @method CData|null egito_row_error(CData $row)
 * @method bool egito_row_is_resumed(CData $row)
 * @method int egito_row_change(CData $row)
 * @method ?string egito_row_planned_for(CData $row)
 * @method string|null egito_change_name(int $change)
 * @method string|null egito_row_field(CData $row, int $index)
 * @method string|null egito_row_duplicate_id_json(CData $row, int $index)
 * @method void egito_row_free(CData $row)
 */
interface Functions
{
}
