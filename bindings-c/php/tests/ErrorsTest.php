<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Client;
use Egito\EgitoException;
use Egito\Exception;
use Egito\Native;
use Egito\Outcome;
use ReflectionClass;

/** Exceptions: one class per code, all details, no secrets. */
final class ErrorsTest extends TestCase
{
    public function testIdMustBeAnIntOrAString(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        foreach ([true, 1.5, null, [1]] as $id) {
            self::assertSame('id', self::thrown(Exception\ConfigException::class, static fn () => $accounts->delete($id))->setting);
        }
    }

    public function testEachCodeHasOneFinalClass(): void
    {
        $files = array_map(static fn (string $file) => basename($file, '.php'), glob(__DIR__ . '/../src/Exception/*.php'));
        $expected = [];
        foreach (Native::load()->codes() as $code => $error) {
            $class = new ReflectionClass('Egito\Exception\\' . substr($error, 0, -strlen('Error')) . 'Exception');
            self::assertSame([true, EgitoException::class], [$class->isFinal(), $class->getParentClass()->name]);
            self::assertSame($code, $class->newInstance()->errorCode);
            self::assertSame($class->name, Client::errorClasses()[$code]);
            $expected[] = $class->getShortName();
        }
        sort($expected);
        self::assertSame($expected, $files);
    }

    public function testEachDetailIsAProperty(): void
    {
        $error = self::thrown(Exception\NotFoundException::class, static fn () => self::$sandbox->client()->entity('Offer')->get(1));
        foreach (array_keys($error->details()) as $name) {
            $property = ['code' => 'errorCode', 'message' => 'message'][$name] ?? lcfirst(str_replace('_', '', ucwords($name, '_')));
            self::assertTrue(property_exists($error, $property), $name);
        }
    }

    public function testValidationErrorNamesTheField(): void
    {
        $create = static fn () => self::$sandbox->client()->accounts()->create(['city' => 'Łódź']);
        $error = self::thrown(Exception\ValidationException::class, $create);
        self::assertSame([Outcome::Rejected, 200, 'Account', 'create', 1], [$error->outcome, $error->status, $error->entity, $error->action, $error->attempts]);
        self::assertSame(['name', null], [$error->errors[0]->field, $error->errors[0]->rejectedValue]);
        self::assertStringContainsString('name: ', (string) $error->errors[0]);
        self::assertSame('name', $error->errors[0]->raw['field']);
        self::assertGreaterThan(0, $error->elapsed);
    }

    public function testLostCreateHasTheRecordThatWasSent(): void
    {
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'cut' => 'after']);
        $create = static fn () => self::$sandbox->client()->accounts()->create(['name' => 'Żubr']);
        $error = self::thrown(Exception\OutcomeUnknownException::class, $create);
        self::assertSame([Outcome::Unknown, ['name' => 'Żubr']], [$error->outcome, $error->record]);
    }

    public function testRateLimitSaysHowLongToWait(): void
    {
        $response = ['status' => 429, 'headers' => ['Retry-After' => '7'], 'body' => ''];
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'times' => 0, 'response' => $response]);
        $get = static fn () => self::$sandbox->client(['max_retries' => 0])->accounts()->get(1);
        self::assertSame(7.0, self::thrown(Exception\RateLimitedException::class, $get)->retryAfter);
    }

    public function testInvalidSettingIsNamed(): void
    {
        self::assertSame('time_out', self::thrown(Exception\ConfigException::class, static fn () => self::$sandbox->client(['time_out' => 1]))->setting);
        self::assertSame('exact', self::thrown(Exception\ConfigException::class, static fn () => self::$sandbox->client(['exact' => 'yes']))->setting);
        self::assertSame('library', self::thrown(Exception\ConfigException::class, static fn () => self::$sandbox->client(['library' => 5]))->setting);
        self::assertSame('name', self::thrown(Exception\ConfigException::class, static fn () => new Client([]))->setting);
    }

    public function testPanicInTheLibraryIsAnException(): void
    {
        $error = self::runPhp('require ' . var_export(__DIR__ . '/panic.php', true) . ';'
            . 'try { Egito\Tests\panicInLibrary(new Egito\Client(["name" => "f", "client_id" => "a", "client_secret" => "b",'
            . ' "username" => "c", "password" => "d"])); } catch (Egito\Exception\InternalException $e) { echo $e->cause; }');
        self::assertStringContainsString('a panic for tests', $error);
    }

    public function testClientWorksAfterAnException(): void
    {
        $accounts = self::$sandbox->client()->accounts();
        self::thrown(Exception\NotFoundException::class, static fn () => $accounts->get(987654));
        self::assertSame('x', $accounts->get($accounts->create(['name' => 'x']))['name']);
    }

    public function testExceptionsContainNoSecrets(): void
    {
        ini_set('zend.exception_ignore_args', '0'); // as on developers' machines, so that traces contain all arguments
        $secrets = ['password' => 'tajne-hasło', 'client_secret' => 'tajny-klucz'];
        $errors = [
            self::thrown(Exception\AuthException::class, static fn () => self::$sandbox->client($secrets)->accounts()->get(1)),
            self::thrown(Exception\ConfigException::class, static fn () => self::$sandbox->client($secrets + ['timeout' => 'soon'])),
            self::thrown(Exception\ConfigException::class, static fn () => self::$sandbox->client($secrets + ['name' => "\xff"])),
        ];
        foreach ($errors as $error) {
            $ofPackage = static fn (array $frame): bool => preg_match('/^Egito\\\\(?!Tests)/', $frame['class'] ?? '') === 1;
            $frames = array_filter($error->getTrace(), $ofPackage);
            self::assertNotEmpty($frames);
            $all = print_r([$error->getMessage(), $error->details(), $frames], true) . $error;
            self::assertSame([false, false], [str_contains($all, 'tajne'), str_contains($all, 'tajny')]);
        }
        ini_restore('zend.exception_ignore_args');
    }

    public function testExceptionCanBeSerialized(): void
    {
        $error = self::thrown(Exception\NotFoundException::class, static fn () => self::$sandbox->client()->accounts()->get(987654));
        $copy = unserialize(serialize($error));
        self::assertSame([$error::class, $error->details(), $error->id], [$copy::class, $copy->details(), $copy->id]);
    }
}
