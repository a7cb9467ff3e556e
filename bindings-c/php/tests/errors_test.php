<?php

/** Exceptions: one class for each code, every detail, no secret. */

declare(strict_types=1);

use Egito\Client;
use Egito\EgitoException;
use Egito\Exception;
use Egito\Native;
use Egito\Outcome;

return [
    'an id is an int or a text, whatever PHP would make of other things' => static function (Sandbox $sandbox): void {
        $accounts = $sandbox->client()->accounts();
        foreach ([true, 1.5, null, [1]] as $id) {
            same('id', thrown(Exception\ConfigException::class, static fn () => $accounts->delete($id))->setting);
        }
    },
    'there is one final class for each code of the library, and no other' => static function (): void {
        $files = array_map(static fn (string $file) => basename($file, '.php'), glob(__DIR__ . '/../src/Exception/*.php'));
        $expected = [];
        foreach (Native::load()->codes() as $code => $error) {
            $class = new ReflectionClass('Egito\Exception\\' . substr($error, 0, -strlen('Error')) . 'Exception');
            same([true, EgitoException::class], [$class->isFinal(), $class->getParentClass()->name]);
            same($code, $class->newInstance()->errorCode);
            same($class->name, Client::errorClasses()[$code]);
            $expected[] = $class->getShortName();
        }
        sort($expected);
        same($expected, $files);
    },
    'every detail that the library gives is a property' => static function (Sandbox $sandbox): void {
        $error = thrown(Exception\NotFoundException::class, static fn () => $sandbox->client()->entity('Offer')->get(1));
        foreach (array_keys($error->details()) as $name) {
            $property = ['code' => 'errorCode', 'message' => 'message'][$name] ?? lcfirst(str_replace('_', '', ucwords($name, '_')));
            same(true, property_exists($error, $property) ?: $name);
        }
    },
    'a refused record says which field is wrong' => static function (Sandbox $sandbox): void {
        $create = static fn () => $sandbox->client()->accounts()->create(['city' => 'Łódź']);
        $error = thrown(Exception\ValidationException::class, $create);
        same([Outcome::Rejected, 200, 'Account', 'create', 1], [$error->outcome, $error->status, $error->entity, $error->action, $error->attempts]);
        same(['name', null], [$error->errors[0]->field, $error->errors[0]->rejectedValue]);
        contains('name: ', (string) $error->errors[0]);
        same('name', $error->errors[0]->raw['field']);
        same(true, $error->elapsed > 0);
    },
    'a lost create carries the record that was sent' => static function (Sandbox $sandbox): void {
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'cut' => 'after']);
        $create = static fn () => $sandbox->client()->accounts()->create(['name' => 'Żubr']);
        $error = thrown(Exception\OutcomeUnknownException::class, $create);
        same([Outcome::Unknown, ['name' => 'Żubr']], [$error->outcome, $error->record]);
    },
    'a 429 says how long to wait' => static function (Sandbox $sandbox): void {
        $answer = ['status' => 429, 'headers' => ['Retry-After' => '7'], 'body' => ''];
        $sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'times' => 0, 'answer' => $answer]);
        $get = static fn () => $sandbox->client(['max_retries' => 0])->accounts()->get(1);
        same(7.0, thrown(Exception\RateLimitedException::class, $get)->retryAfter);
    },
    'a wrong setting is named' => static function (Sandbox $sandbox): void {
        same('time_out', thrown(Exception\ConfigException::class, static fn () => $sandbox->client(['time_out' => 1]))->setting);
        same('exact', thrown(Exception\ConfigException::class, static fn () => $sandbox->client(['exact' => 'yes']))->setting);
        same('library', thrown(Exception\ConfigException::class, static fn () => $sandbox->client(['library' => 5]))->setting);
        same('name', thrown(Exception\ConfigException::class, static fn () => new Client([]))->setting);
    },
    'a bug in the library is an exception' => static function (Sandbox $sandbox): void {
        $error = php('try { (new Egito\Client(["name" => "f", "client_id" => "a", "client_secret" => "b", "username" => "c",'
            . ' "password" => "d"]))->panicForTests(); } catch (Egito\Exception\InternalException $e) { echo $e->cause; }');
        contains('a panic for tests', $error);
    },
    'the client works on after an exception' => static function (Sandbox $sandbox): void {
        $accounts = $sandbox->client()->accounts();
        thrown(Exception\NotFoundException::class, static fn () => $accounts->get(987654));
        same('x', $accounts->get($accounts->create(['name' => 'x']))['name']);
    },
    'no secret stands in an exception, its trace or its details' => static function (Sandbox $sandbox): void {
        ini_set('zend.exception_ignore_args', '0'); // as on developers' machines, where traces hold all arguments
        $secrets = ['password' => 'tajne-hasło', 'client_secret' => 'tajny-klucz'];
        $errors = [
            thrown(Exception\AuthException::class, static fn () => $sandbox->client($secrets)->accounts()->get(1)),
            thrown(Exception\ConfigException::class, static fn () => $sandbox->client($secrets + ['timeout' => 'soon'])),
            thrown(Exception\ConfigException::class, static fn () => $sandbox->client($secrets + ['name' => "\xff"])),
        ];
        foreach ($errors as $error) {
            $egito = array_filter($error->getTrace(), static fn (array $call) => str_starts_with($call['class'] ?? '', 'Egito\\'));
            $all = print_r([$error->getMessage(), $error->details(), $egito], true) . $error;
            same([false, false], [str_contains($all, 'tajne'), str_contains($all, 'tajny')]);
        }
        ini_restore('zend.exception_ignore_args');
    },
    'an exception can be serialized' => static function (Sandbox $sandbox): void {
        $error = thrown(Exception\NotFoundException::class, static fn () => $sandbox->client()->accounts()->get(987654));
        $copy = unserialize(serialize($error));
        same([$error::class, $error->details(), $error->id], [$copy::class, $copy->details(), $copy->id]);
    },
];
