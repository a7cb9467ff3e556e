<?php

declare(strict_types=1);

namespace Egito\Tests;

use ArrayObject;
use DateTime;
use DateTimeImmutable;
use DateTimeZone;
use Egito\Exception\ConfigException;
use Egito\Exception\OutcomeUnknownException;
use Egito\Exception\ServerException;
use Egito\Exception\UnexpectedResponseException;
use Egito\Json;
use Egito\Number;
use JsonSerializable;
use stdClass;

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

/** PHP values as JSON and back. */
final class ValuesTest extends TestCase
{
    public function testEncodesEachType(): void
    {
        $record = [
            'text' => "Żubr \"x\" \\ / \n\u{2028}🦊", 'int' => PHP_INT_MIN, 'yes' => true, 'no' => false, 'null' => null,
            'list' => [1, [2]], 'empty list' => [], 'map' => ['a' => 1], 'gap' => [1 => 'x'],
            'empty object' => new stdClass(), 'array object' => new ArrayObject([1]), 'object' => (object) ['a' => []],
            'enum' => Size::Small, 'json' => new Money(), 'number' => new Number('-1234567890123456789012.30e-5'),
        ];
        self::assertSame(
            '{"text":"Żubr \"x\" \\\\ / \n\u2028🦊","int":-9223372036854775808,"yes":true,"no":false,"null":null,'
            . '"list":[1,[2]],"empty list":[],"map":{"a":1},"gap":{"1":"x"},'
            . '"empty object":{},"array object":{"0":1},"object":{"a":[]},'
            . '"enum":"S","json":{"amount":12.50,"size":"S"},"number":-1234567890123456789012.30e-5}',
            Json::object($record),
        );
    }

    public function testEmptyRecordIsAnObject(): void
    {
        self::assertSame('{}', Json::object([]));
        self::assertSame('{}', Json::object(new stdClass()));
        self::assertSame('[]', Json::encode([]));
    }

    public function testFloatsAreExactWhateverPhpIniSays(): void
    {
        ini_set('serialize_precision', '5');
        self::assertSame('[0.1,2.0,-0.0,1.0E+300,5.0E-324,0.30000000000000004]', Json::encode([0.1, 2.0, -0.0, 1e300, 5e-324, 0.1 + 0.2]));
        ini_restore('serialize_precision');
    }

    /** An array of plain values is encoded in one piece; one with an object, value by value. */
    public function testPlainArraysAreEncodedLikeOthers(): void
    {
        $floats = [0.0, -0.0, 2.0, 0.1, 1e-4, 9.9e-5, 1e14, 1e15, 1e17, 12345678901234567.0, -1e300, 5e-324, 1 / 3];
        $keys = ['' => 1, "\0x" => 2, '7' => 3, -1 => 4, 'ż"\\/' => 5];
        $deep = array_reduce(range(1, 125), static fn (array $inside): array => [$inside], []);
        foreach ([...$floats, [], [[]], $keys, [1 => 'x'], "Żubr \"x\" \\ / \n\u{2028}🦊", PHP_INT_MIN, null, true, $deep] as $value) {
            $plain = Json::encode(['value' => $value]);
            self::assertSame($plain, str_replace(',"object":1}', '}', Json::encode(['value' => $value, 'object' => new Number('1')])));
        }
        self::thrown(ConfigException::class, static fn () => Json::encode([[[$deep]]]));
    }

    public function testDatesAreSentInUtcWithMilliseconds(): void
    {
        $warsaw = new DateTimeZone('Europe/Warsaw');
        self::assertSame('"2024-05-05T10:00:00.000Z"', Json::encode(new DateTimeImmutable('2024-05-05 12:00', $warsaw)));
        self::assertSame('"1969-12-31T23:59:59.999Z"', Json::encode(new DateTime('1969-12-31 23:59:59.999999', new DateTimeZone('UTC'))));
        self::assertSame('"2024-12-31T23:30:00.250Z"', Json::encode(new DateTime('2025-01-01 00:30:00.25', $warsaw)));
    }

    public function testValuesWithoutAJsonFormAreRefused(): void
    {
        self::refused(NAN, 'is NAN');
        self::refused(-INF, 'is -INF');
        self::refused("\xff", 'is not valid UTF-8');
        self::refused((new DateTime('@0'))->setDate(10000, 1, 1), 'is a time in the year 10000; pass one from 0 to 9999');
        self::refused((new DateTimeImmutable('@0'))->setDate(-1, 12, 31), 'is a time in the year -1');
        self::refused(["\xff" => 1], 'has a field whose name is not valid UTF-8');
        self::refused(Bare::One, 'is of type Egito\Tests\Bare');
        self::refused(new \Exception(), 'is of type Exception');
        self::refused(static fn () => 1, 'is of type Closure');
        self::refused(STDIN, 'is of type resource (stream)');
    }

    public function testRecursiveObjectIsRefused(): void
    {
        $loop = new ArrayObject();
        $loop['loop'] = $loop;
        self::assertStringContainsString('contains itself', self::thrown(ConfigException::class, static fn () => Json::object($loop))->getMessage());
    }

    public function testRecordIsSentUnchanged(): void
    {
        self::$sandbox->client()->entity('Offer')->create(['b' => 1.0, 'a' => [], 'o' => new stdClass(), 'n' => null]);
        self::assertSame('{"b":1.0,"a":[],"o":{},"n":null}', self::$sandbox->lastBody('create'));
    }

    public function testInvalidUtf8SendsNothing(): void
    {
        $offers = self::$sandbox->client()->entity('Offer');
        self::thrown(ConfigException::class, static fn () => $offers->create(['name' => "\xc5"]));
        self::thrown(ConfigException::class, static fn () => $offers->list(filters: ['name' => "\xc5"]));
        self::thrown(ConfigException::class, static fn () => $offers->get("\xc5"));
        self::thrown(ConfigException::class, static fn () => self::$sandbox->client()->entity("Off\xc5")->get(1));
        $error = self::thrown(ConfigException::class, static fn () => self::$sandbox->client()->entity("Offer\0x")->get(1));
        self::assertSame('entity', $error->setting);
        self::assertSame([], self::$sandbox->control('GET', 'journal'));
    }

    public function testLargeIntegersAreStrings(): void
    {
        self::$sandbox->respondTo('get', '{"id":1,"int":9223372036854775807,"big":9223372036854775808}');
        $record = self::$sandbox->client()->entity('Offer')->get(1);
        self::assertSame(['id' => 1, 'int' => PHP_INT_MAX, 'big' => '9223372036854775808'], $record);
    }

    public function testExactRecordsAreWrittenBackUnchanged(): void
    {
        $json = '{"id":1,"big":-9223372036854775809,"o":{},"l":[],"n":{"0":{"0":[{}]}},"m":{"0":1,"x":2},'
            . '"t":"{} \" 12345678901234567890","f":0.5,"12345678901234567890":{"1":1}}';
        self::$sandbox->respondTo('get', $json);
        $offers = self::$sandbox->client(['exact' => true])->entity('Offer');
        $record = $offers->get(1);
        self::assertSame('-9223372036854775809', (string) $record['big']);
        self::assertSame(0, count($record['o']));
        self::assertNull($record['o']['x'] ?? null);
        $offers->create($record);
        self::assertSame($json, self::$sandbox->lastBody('create'));
    }

    public function testExactKeepsDecimalsThatAFloatWouldRound(): void
    {
        $kept = ['12345678901234567.50', '0.1000000000000000055511151231257827', '1e400', '-0.12345678901234567890', '1e-400'];
        $floats = ['0.5', '12.50', '1e3', '-0.0', '0.30000000000000004', '123456789.123456'];
        $read = Json::decode('[' . implode(',', [...$kept, ...$floats]) . ']', exact: true);
        foreach ($read as $index => $value) {
            self::assertSame($index < count($kept), $value instanceof Number);
        }
        self::assertSame($kept, array_map(strval(...), array_slice($read, 0, count($kept))));
        self::assertSame('[' . implode(',', $kept) . ',0.5,12.5,1000.0,-0.0,0.30000000000000004,123456789.123456]', Json::encode($read));
    }

    public function testDecimalsAsNumbersKeepEachDigit(): void
    {
        $json = '{"id":1,"price":12.50,"list":[0.230,-1e3],"text":"1.50","int":7,"empty":{}}';
        self::$sandbox->respondTo('get', $json);
        $offers = self::$sandbox->client(['decimals' => 'decimal'])->entity('Offer');
        $record = $offers->get(1);
        self::assertSame(['12.50', '0.230', '1.50', 7], [(string) $record['price'], (string) $record['list'][0], $record['text'], $record['int']]);
        $offers->create(['price' => $record['price'], 'list' => $record['list']]);
        self::assertSame('{"price":12.50,"list":[0.230,-1e3]}', self::$sandbox->lastBody('create'));
        self::$sandbox->respondTo('get', '', 503);
        $failed = self::thrown(ServerException::class, static fn () => self::$sandbox->client(['decimals' => 'decimal', 'max_retries' => 0])->accounts()->get(1));
        self::assertGreaterThan(0, $failed->elapsed);
    }

    public function testListsAndRecordsEqualJsonDecode(): void
    {
        $records = [
            '{"id":1,"big":9223372036854775808,"small":-9223372036854775809,"int":-9223372036854775808,"most":9223372036854775807}',
            '{"id":2, "f":[0.1, -0.0, 1e3, 1E-7, 123456789012345678901234567890.5, 5e-324, 1.7976931348623157e308, -0, 12.50]}',
            '{"id":3,"7":1,"-1":2,"007":3,"":4,"9223372036854775808":5,"-0":6,"a b":{"0":{"0":[]}}}',
            '{"id":4,"t":"\\" \\\\ \\/ \\b\\f\\n\\r\\t \\u0000 \\u017c \\ud83e\\udd8a   🦊 \";s:1:\\"x\\";}"}',
            '{"id":5,"\\u0000key\\"":1,"same":1,"same":{"id":6},"e":{},"l":[ ],"n":null,"y":true,"no":false,"d":[[[[{"x":[1,"2",3.0]}]]]]}',
            ' { "id" : "6" , "w" : [ 1 , 2 ] } ',
        ];
        $json = '[' . implode(",\n", $records) . ']';
        self::$sandbox->respondTo('list', $json);
        $expected = json_decode($json, true, flags: JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR);
        $read = self::$sandbox->client()->entity('Offer')->list()->toArray();
        self::assertSame(array_map(serialize(...), $expected), array_map(serialize(...), $read));
        foreach ($records as $index => $record) {
            self::$sandbox->respondTo('get', $record);
            self::assertSame(serialize($expected[$index]), serialize(self::$sandbox->client()->entity('Offer')->get(1)));
        }
    }

    public function testLongListIsReadInOrder(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Offer' => 730]]);
        $list = self::$sandbox->client(['page_overlap' => 0])->entity('Offer')->list(pageSize: 250);
        self::assertSame(range(1, 730), array_column(iterator_to_array($list), 'id'));
        self::assertSame([250, 250, 230], array_map(count(...), iterator_to_array($list->pages())));
    }

    public function testExactAppliesToListsAndOtherCalls(): void
    {
        $client = self::$sandbox->client(['exact' => true]);
        self::$sandbox->respondTo('list', '[{"id":1,"o":{}}]');
        self::assertSame('{"id":1,"o":{}}', Json::encode($client->entity('Offer')->list()->first()));
        self::$sandbox->respondTo('call', '{}');
        self::assertSame('{}', Json::encode($client->call('Offer', 'print')));
    }

    public function testExactAppliesToTheRecordOfAnException(): void
    {
        $json = '{"big":99999999999999999999,"e":{},"l":[],"m":{"0":1}}';
        $offers = self::$sandbox->client(['exact' => true])->entity('Offer');
        foreach ([$json, '{}'] as $sent) {
            $record = (array) Json::decode($sent, true);
            self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'cut' => 'before', 'times' => 2]);
            $error = self::thrown(OutcomeUnknownException::class, static fn () => $offers->create($record));
            self::assertSame($sent, Json::object($error->record));
            self::assertSame($sent, Json::object(unserialize(serialize($error))->record));
            self::assertSame($sent, Json::object($offers->createMany([$record])[0]->error->record));
        }
        $plain = self::$sandbox->client()->entity('Offer');
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'cut' => 'before']);
        $error = self::thrown(OutcomeUnknownException::class, static fn () => $plain->create((array) Json::decode($json, true)));
        self::assertSame('99999999999999999999', $error->record['big']);
    }

    public function testInvalidNumbersAreRefused(): void
    {
        foreach (['', '01', '1.', '.5', '+1', '0x1', "1\n", 'NAN', '1e'] as $digits) {
            self::thrown(ConfigException::class, static fn () => new Number($digits));
        }
    }

    public function testIdKeepsItsType(): void
    {
        $offers = self::$sandbox->client()->entity('Offer');
        foreach (['17' => 17, '"17"' => '17', '"A-17"' => 'A-17', '123456789012345678901' => '123456789012345678901'] as $json => $id) {
            self::$sandbox->respondTo('create', "{\"id\":$json}");
            self::assertSame($id, $offers->create([]));
        }
        self::$sandbox->control('POST', 'seed', ['entities' => ['Offer' => [['id' => 17]]]]);
        self::assertSame(17, $offers->update(17, ['a' => 1]));
        self::assertStringContainsString('"id":17', self::$sandbox->lastBody('update'));
    }

    public function testDecimalsAsStrings(): void
    {
        self::$sandbox->respondTo('get', '{"id":1,"price":12.50}');
        self::assertSame('12.50', self::$sandbox->client(['decimals' => 'string'])->entity('Offer')->get(1)['price']);
    }

    public function testJsonThatPhpCannotHoldIsAnException(): void
    {
        $offers = self::$sandbox->client()->entity('Offer');
        self::$sandbox->respondTo('get', '{"id":1,"half":"\ud800"}');
        self::thrown(UnexpectedResponseException::class, static fn () => $offers->get(1));
        self::$sandbox->respondTo('get', '{"id":1,"deep":' . str_repeat('[', 600) . str_repeat(']', 600) . '}');
        self::thrown(UnexpectedResponseException::class, static fn () => $offers->get(1));
        self::thrown(ConfigException::class, static fn () => Json::decode('{"half":'));
    }

    public function testDeepestRecordIsRead(): void
    {
        $deep = json_decode(str_repeat('[', 125) . str_repeat(']', 125));
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'cut' => 'before']);
        $create = static fn () => self::$sandbox->client()->accounts()->create(['name' => 'x', 'deep' => $deep]);
        self::assertSame($deep, self::thrown(OutcomeUnknownException::class, $create)->record['deep']);
    }

    private static function refused(mixed $value, string $reason): void
    {
        $encode = static fn () => Json::object(['a' => [1, $value]], 'record');
        $error = self::thrown(ConfigException::class, $encode);
        self::assertStringContainsString("`record.a.1` $reason", $error->getMessage());
        self::assertSame('record', $error->setting);
        self::assertSame('not_sent', $error->outcome?->value);
    }
}
