<?php

declare(strict_types=1);

namespace Egito\Tests;

use Closure;

/** PHP-FPM: workers that are forked after the library was loaded, and workers that load it themselves. */
final class FpmTest extends TestCase
{
    private const WORK = '$accounts = Egito\Client::fromEnv()->accounts(); $id = $accounts->create(["name" => "Żubr"]);'
        . 'try { $accounts->create([]); } catch (Egito\Exception\ValidationException $e) { $field = $e->errors[0]->field; }'
        . 'echo $accounts->get($id)["name"], " ", $field;';

    public function testWorkersForkedAfterTheLibraryWasLoaded(): void
    {
        $declarations = (string) tempnam(sys_get_temp_dir(), 'egito-');
        $make = [PHP_BINARY, '-d', 'ffi.enable=1', dirname(__DIR__) . '/ffi-preload.php', self::LIBRARY];
        file_put_contents($declarations, self::execute($make));
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'get'], 'times' => 0, 'delay_ms' => 30]);
        $loaded = 'echo (int) str_contains(file_get_contents("/proc/self/maps"), "libegito.so"), " ", getmypid(), " ";';
        $fpm = new Fpm(self::$sandbox, self::preload() + ['ffi.preload' => $declarations]);
        $outputs = self::with($fpm, static fn (Fpm $fpm) => $fpm->request($loaded . self::WORK, 12));
        unlink($declarations);
        $workers = [];
        foreach ($outputs as $output) {
            [$wasLoaded, $workers[], $rest] = explode(' ', $output, 3);
            self::assertSame(['1', 'Żubr name'], [$wasLoaded, $rest]);
        }
        self::assertGreaterThan(1, count(array_unique($workers)));
    }

    public function testWorkersLoadTheLibraryOfAPreloadedPackage(): void
    {
        $outputs = self::with(new Fpm(self::$sandbox, self::preload()), static fn (Fpm $fpm) => $fpm->request(self::WORK, 6));
        self::assertSame(array_fill(0, 6, 'Żubr name'), $outputs);
    }

    public function testWorkersWithFfiEnabledAndNothingPreloaded(): void
    {
        $fpm = new Fpm(self::$sandbox, ['ffi.enable' => '1']);
        $outputs = self::with($fpm, static fn (Fpm $fpm) => $fpm->request(self::requireAutoload() . self::WORK, 6));
        self::assertSame(array_fill(0, 6, 'Żubr name'), $outputs);
    }

    public function testSettingsCanBeFastCgiParameters(): void
    {
        $parameters = array_diff_key(self::$sandbox->environment(), getenv());
        $fpm = new Fpm(self::$sandbox, ['ffi.enable' => '1'], hasEnvironment: false);
        $outputs = self::with($fpm, static fn (Fpm $fpm) => [
            $fpm->request(self::requireAutoload() . self::WORK, parameters: $parameters)[0],
            $fpm->request(self::requireAutoload() . 'try { Egito\Client::fromEnv(); } catch (Egito\Exception\ConfigException $e) { echo $e->setting; }')[0],
        ]);
        self::assertSame(['Żubr name', 'name'], $outputs); // the second request has no parameters
    }

    public function testErrorSaysHowToPreload(): void
    {
        $code = self::requireAutoload()
            . 'try { Egito\Client::fromEnv(); } catch (Egito\Exception\ConfigException $e) { echo $e->getMessage(); }';
        $fpm = new Fpm(self::$sandbox, ['ffi.enable' => 'preload']);
        self::assertStringContainsString('opcache.preload', self::with($fpm, static fn (Fpm $fpm) => $fpm->request($code))[0]);
    }

    public function testWorkerKeepsItsMemory(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Account' => 20]]);
        $code = '$accounts = Egito\Client::fromEnv()->accounts(); $pages = $accounts->list(pageSize: 1)->pages(); $pages->current(); $pages->next();'
            . '$rows = $accounts->streamGetMany([1, 2, 987654]); $rows->current();'
            . 'try { $accounts->get(987654); } catch (Egito\Exception\NotFoundException) {}'
            . 'echo 4 * (int) explode(" ", file_get_contents("/proc/self/statm"))[1];';
        $memory = self::with(new Fpm(self::$sandbox, self::preload(), workers: 1), static function (Fpm $fpm) use ($code): array {
            return array_map(static fn () => (int) $fpm->request($code)[0], range(1, 200));
        });
        self::assertLessThan(1024, $memory[199] - $memory[80]);
    }

    public function testWorkersShareOneLoginInAFile(): void
    {
        $file = sys_get_temp_dir() . '/egito-token-' . getmypid();
        $code = 'Egito\Client::fromEnv(["token_store" => ' . var_export($file, true) . '])->accounts()->list()->first(); echo "read";';
        $outputs = self::with(new Fpm(self::$sandbox, self::preload()), static fn (Fpm $fpm) => $fpm->request($code, 12));
        array_map(unlink(...), glob("$file*") ?: []);
        self::assertSame(array_fill(0, 12, 'read'), $outputs);
        self::assertSame(1, count(self::$sandbox->control('GET', 'journal?action=login')));
    }

    /** @return array<string, string> */
    private static function preload(): array
    {
        return ['ffi.enable' => 'preload', 'opcache.preload' => dirname(__DIR__) . '/preload.php'];
    }

    /** Sends requests to a server, and stops it. */
    private static function with(Fpm $fpm, Closure $requests): mixed
    {
        try {
            return $requests($fpm);
        } finally {
            $fpm->stop();
        }
    }
}
