<?php

/** What goes in comes out: PHP's values as JSON and back. */

declare(strict_types=1);

use Egito\Exception\ConfigException;
use Egito\Exception\OutcomeUnknownException;
use Egito\Exception\UnexpectedResponseException;
use Egito\Json;
use Egito\Number;

enum Size: string
{
    case Small = 'S';
}

enum Bare
{
    case One;
}

final class Money implements JsonSerializable
{
    public function jsonSerialize(): mixed
    {
        return ['amount' => new Number('12.50'), 'size' => Size::Small];
    }
}

$refused = static function (mixed $value, string $why): void {
    $error = thrown(ConfigException::class, static fn () => Json::object(['a' => [1, $value]], 'record'));
    contains("`record.a.1` $why", $error->getMessage());
    same('record', $error->setting);
    same('not_sent', $error->outcome?->value);
};

return [
    'every type of PHP has its JSON form' => static function (): void {
        $record = [
            'text' => "Żubr \"x\" \\ / \n\u{2028}🦊", 'int' => PHP_INT_MIN, 'yes' => true, 'no' => false, 'null' => null,
            'list' => [1, [2]], 'empty list' => [], 'map' => ['a' => 1], 'gap' => [1 => 'x'],
            'empty object' => new stdClass(), 'array object' => new ArrayObject([1]), 'object' => (object) ['a' => []],
            'enum' => Size::Small, 'json' => new Money(), 'number' => new Number('-1234567890123456789012.30e-5'),
        ];
        same(
            '{"text":"Żubr \"x\" \\\\ / \n\u2028🦊","int":-9223372036854775808,"yes":true,"no":false,"null":null,'
            . '"list":[1,[2]],"empty list":[],"map":{"a":1},"gap":{"1":"x"},'
            . '"empty object":{},"array object":{"0":1},"object":{"a":[]},'
            . '"enum":"S","json":{"amount":12.50,"size":"S"},"number":-1234567890123456789012.30e-5}',
            Json::object($record),
        );
    },
    'a record without fields is an object' => static function (): void {
        same('{}', Json::object([]));
        same('{}', Json::object(new stdClass()));
        same('[]', Json::encode([]));
    },
    'a float stays the float that it is, whatever php.ini says' => static function (): void {
        ini_set('serialize_precision', '5');
        same('[0.1,2.0,-0.0,1.0E+300,5.0E-324,0.30000000000000004]', Json::encode([0.1, 2.0, -0.0, 1e300, 5e-324, 0.1 + 0.2]));
        ini_restore('serialize_precision');
    },
    'moments are sent in UTC, with three digits of a fraction' => static function (): void {
        $warsaw = new DateTimeZone('Europe/Warsaw');
        same('"2024-05-05T10:00:00.000Z"', Json::encode(new DateTimeImmutable('2024-05-05 12:00', $warsaw)));
        same('"1969-12-31T23:59:59.999Z"', Json::encode(new DateTime('1969-12-31 23:59:59.999999', new DateTimeZone('UTC'))));
        same('"2024-12-31T23:30:00.250Z"', Json::encode(new DateTime('2025-01-01 00:30:00.25', $warsaw)));
    },
    'what has no JSON form is refused before anything is sent' => static function () use ($refused): void {
        $refused(NAN, 'is NAN');
        $refused(-INF, 'is -INF');
        $refused("\xff", 'is not valid UTF-8');
        $refused(["\xff" => 1], 'has a field whose name is not valid UTF-8');
        $refused(Bare::One, 'is of type Bare');
        $refused(new Exception(), 'is of type Exception');
        $refused(static fn () => 1, 'is of type Closure');
        $refused(STDIN, 'is of type resource (stream)');
    },
    'what contains itself is refused' => static function (): void {
        $loop = new ArrayObject();
        $loop['loop'] = $loop;
        contains('contains itself', thrown(ConfigException::class, static fn () => Json::object($loop))->getMessage());
    },
    'a record is sent as it is' => static function (Sandbox $sandbox): void {
        $sandbox->client()->entity('Offer')->create(['b' => 1.0, 'a' => [], 'o' => new stdClass(), 'n' => null]);
        same('{"b":1.0,"a":[],"o":{},"n":null}', $sandbox->sent('create'));
    },
    'invalid text in a record, a filter or a name sends nothing' => static function (Sandbox $sandbox): void {
        $offers = $sandbox->client()->entity('Offer');
        thrown(ConfigException::class, static fn () => $offers->create(['name' => "\xc5"]));
        thrown(ConfigException::class, static fn () => $offers->list(filters: ['name' => "\xc5"]));
        thrown(ConfigException::class, static fn () => $offers->get("\xc5"));
        thrown(ConfigException::class, static fn () => $sandbox->client()->entity("Off\xc5")->get(1));
        $error = thrown(ConfigException::class, static fn () => $sandbox->client()->entity("Offer\0x")->get(1));
        same('entity', $error->setting);
        same([], $sandbox->control('GET', 'journal'));
    },
    'integers beyond 64 bits come as their digits' => static function (Sandbox $sandbox): void {
        $sandbox->answers('get', '{"id":1,"int":9223372036854775807,"big":9223372036854775808}');
        $record = $sandbox->client()->entity('Offer')->get(1);
        same(['id' => 1, 'int' => PHP_INT_MAX, 'big' => '9223372036854775808'], $record);
    },
    'with the setting exact, what was read can be written back as it was' => static function (Sandbox $sandbox): void {
        $json = '{"id":1,"big":-9223372036854775809,"o":{},"l":[],"n":{"0":{"0":[{}]}},"m":{"0":1,"x":2},'
            . '"t":"{} \" 12345678901234567890","f":0.5,"12345678901234567890":{"1":1}}';
        $sandbox->answers('get', $json);
        $offers = $sandbox->client(['exact' => true])->entity('Offer');
        $record = $offers->get(1);
        same('-9223372036854775809', (string) $record['big']);
        same(0, count($record['o']));
        same(null, $record['o']['x'] ?? null);
        $offers->create($record);
        same($json, $sandbox->sent('create'));
    },
    'with the setting exact, decimals that a float would round are written back as they were' => static function (Sandbox $sandbox): void {
        $kept = ['12345678901234567.50', '0.1000000000000000055511151231257827', '1e400', '-0.12345678901234567890', '1e-400'];
        $floats = ['0.5', '12.50', '1e3', '-0.0', '0.30000000000000004', '123456789.123456'];
        $read = Json::decode('[' . implode(',', [...$kept, ...$floats]) . ']', exact: true);
        foreach ($read as $place => $value) {
            same($place < count($kept), $value instanceof Number);
        }
        same($kept, array_map(strval(...), array_slice($read, 0, count($kept))));
        same('[' . implode(',', $kept) . ',0.5,12.5,1000.0,-0.0,0.30000000000000004,123456789.123456]', Json::encode($read));
    },
    'with decimals as Numbers, every digit stays' => static function (Sandbox $sandbox): void {
        $json = '{"id":1,"price":12.50,"list":[0.230,-1e3],"text":"1.50","int":7,"empty":{}}';
        $sandbox->answers('get', $json);
        $offers = $sandbox->client(['decimals' => 'decimal'])->entity('Offer');
        $record = $offers->get(1);
        same(['12.50', '0.230', '1.50', 7], [(string) $record['price'], (string) $record['list'][0], $record['text'], $record['int']]);
        $offers->create(['price' => $record['price'], 'list' => $record['list']]);
        same('{"price":12.50,"list":[0.230,-1e3]}', $sandbox->sent('create'));
        $sandbox->answers('get', '', 503);
        $failed = thrown(Egito\Exception\ServerException::class, static fn () => $sandbox->client(['decimals' => 'decimal', 'max_retries' => 0])->accounts()->get(1));
        same(true, $failed->elapsed > 0);
    },
    'lists and records hold what json_decode would make of them' => static function (Sandbox $sandbox): void {
        $records = [
            '{"id":1,"big":9223372036854775808,"small":-9223372036854775809,"int":-9223372036854775808,"most":9223372036854775807}',
            '{"id":2, "f":[0.1, -0.0, 1e3, 1E-7, 123456789012345678901234567890.5, 5e-324, 1.7976931348623157e308, -0, 12.50]}',
            '{"id":3,"7":1,"-1":2,"007":3,"":4,"9223372036854775808":5,"-0":6,"a b":{"0":{"0":[]}}}',
            '{"id":4,"t":"\\" \\\\ \\/ \\b\\f\\n\\r\\t \\u0000 \\u017c \\ud83e\\udd8a   🦊 \";s:1:\\"x\\";}"}',
            '{"id":5,"\\u0000key\\"":1,"same":1,"same":{"id":6},"e":{},"l":[ ],"n":null,"y":true,"no":false,"d":[[[[{"x":[1,"2",3.0]}]]]]}',
            ' { "id" : "6" , "w" : [ 1 , 2 ] } ',
        ];
        $json = '[' . implode(",\n", $records) . ']';
        $sandbox->answers('list', $json);
        $expected = json_decode($json, true, flags: JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR);
        $read = $sandbox->client()->entity('Offer')->list()->toArray();
        same(array_map(serialize(...), $expected), array_map(serialize(...), $read));
        foreach ($records as $place => $record) {
            $sandbox->answers('get', $record);
            same(serialize($expected[$place]), serialize($sandbox->client()->entity('Offer')->get(1)));
        }
    },
    'a long list is read in order, some records of a page at a time' => static function (Sandbox $sandbox): void {
        $sandbox->control('POST', 'reset', ['records' => ['Offer' => 730]]);
        $list = $sandbox->client(['page_overlap' => 0])->entity('Offer')->list(pageSize: 250);
        same(range(1, 730), array_column(iterator_to_array($list), 'id'));
        same([250, 250, 230], array_map(count(...), iterator_to_array($list->pages())));
    },
    'the setting exact reaches lists and other calls' => static function (Sandbox $sandbox): void {
        $client = $sandbox->client(['exact' => true]);
        $sandbox->answers('list', '[{"id":1,"o":{}}]');
        same('{"id":1,"o":{}}', Json::encode($client->entity('Offer')->list()->first()));
        $sandbox->answers('call', '{}');
        same('{}', Json::encode($client->call('Offer', 'print')));
    },
    'the setting exact reaches the record of an exception' => static function (Sandbox $sandbox): void {
        $json = '{"big":99999999999999999999,"e":{},"l":[],"m":{"0":1}}';
        $offers = $sandbox->client(['exact' => true])->entity('Offer');
        foreach ([$json, '{}'] as $sent) {
            $record = (array) Json::decode($sent, true);
            $sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'cut' => 'before', 'times' => 2]);
            $error = thrown(OutcomeUnknownException::class, static fn () => $offers->create($record));
            same($sent, Json::object($error->record));
            same($sent, Json::object(unserialize(serialize($error))->record));
            same($sent, Json::object($offers->createMany([$record])[0]->error->record));
        }
        $plain = $sandbox->client()->entity('Offer');
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'cut' => 'before']);
        $error = thrown(OutcomeUnknownException::class, static fn () => $plain->create((array) Json::decode($json, true)));
        same('99999999999999999999', $error->record['big']);
    },
    'a number is refused that JSON would not take' => static function (): void {
        foreach (['', '01', '1.', '.5', '+1', '0x1', "1\n", 'NAN', '1e'] as $digits) {
            thrown(ConfigException::class, static fn () => new Number($digits));
        }
    },
    'an id stays the number or the text that it was' => static function (Sandbox $sandbox): void {
        $offers = $sandbox->client()->entity('Offer');
        foreach (['17' => 17, '"17"' => '17', '"A-17"' => 'A-17', '123456789012345678901' => '123456789012345678901'] as $json => $id) {
            $sandbox->answers('create', "{\"id\":$json}");
            same($id, $offers->create([]));
        }
        $sandbox->control('POST', 'seed', ['entities' => ['Offer' => [['id' => 17]]]]);
        same(17, $offers->update(17, ['a' => 1]));
        contains('"id":17', $sandbox->sent('update'));
    },
    'decimals are exact as text where asked' => static function (Sandbox $sandbox): void {
        $sandbox->answers('get', '{"id":1,"price":12.50}');
        same('12.50', $sandbox->client(['decimals' => 'string'])->entity('Offer')->get(1)['price']);
    },
    'JSON that PHP could not hold is an exception of ours' => static function (Sandbox $sandbox): void {
        $offers = $sandbox->client()->entity('Offer');
        $sandbox->answers('get', '{"id":1,"half":"\ud800"}');
        thrown(UnexpectedResponseException::class, static fn () => $offers->get(1));
        $sandbox->answers('get', '{"id":1,"deep":' . str_repeat('[', 600) . str_repeat(']', 600) . '}');
        thrown(UnexpectedResponseException::class, static fn () => $offers->get(1));
        thrown(ConfigException::class, static fn () => Json::decode('{"half":'));
    },
    'the deepest record comes back' => static function (Sandbox $sandbox): void {
        $deep = json_decode(str_repeat('[', 125) . str_repeat(']', 125));
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'cut' => 'before']);
        $create = static fn () => $sandbox->client()->accounts()->create(['name' => 'x', 'deep' => $deep]);
        same($deep, thrown(OutcomeUnknownException::class, $create)->record['deep']);
    },
];
