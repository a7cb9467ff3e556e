<?php

declare(strict_types=1);

namespace Egito\Tests;

/** Web servers, forks, and the end of a program. */
final class ProcessesTest extends TestCase
{
    public function testWorksPreloadedInAWebServer(): void
    {
        $code = '$client = Egito\Client::fromEnv(); $id = $client->accounts()->create(["name" => "x"]);'
            . 'echo $client->accounts()->get($id)["name"]; try { $client->accounts()->create([]); }'
            . 'catch (Egito\Exception\ValidationException $e) { echo $e->errors[0]->field; }';
        self::assertSame(array_fill(0, 5, 'xname'), self::serve($code, 5));
    }

    public function testWebServerKeepsItsMemory(): void
    {
        $code = '$list = Egito\Client::fromEnv()->accounts()->list(pageSize: 1)->pages(); $list->current();'
            . 'try { Egito\Client::fromEnv()->accounts()->get(987654); } catch (Egito\Exception\NotFoundException) {}'
            . 'echo 4 * (int) explode(" ", file_get_contents("/proc/self/statm"))[1];';
        $memory = array_map(intval(...), self::serve($code, 300));
        self::assertLessThan(1024, $memory[299] - $memory[100]);
    }

    public function testClientWorksInBothProcessesAfterAFork(): void
    {
        $code = '$accounts = Egito\Client::fromEnv()->accounts(); $id = $accounts->create(["name" => "x"]);'
            . '$child = pcntl_fork(); $name = $accounts->get($id)["name"];'
            . 'if ($child === 0) { exit($name === "x" ? 7 : 1); }'
            . 'pcntl_waitpid($child, $status); echo $name, pcntl_wexitstatus($status), $accounts->get($id)["name"];';
        self::assertSame('x7x', self::runPhp($code, self::$sandbox->environment()));
    }

    public function testProgramEndsWhilePagesAreReadAhead(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Account' => 20]]);
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'list'], 'skip' => 2, 'hold' => 'ahead']);
        $code = 'require "bindings-c/php/autoload.php"; $client = Egito\Client::fromEnv();'
            . '$pages = $client->accounts()->list(pageSize: 1)->pages(); $pages->current(); $pages->next(); $pages->current();'
            . 'static $kept; try { $client->accounts()->get(987654); } catch (Egito\EgitoException $kept) {} echo "end"; exit(3);';
        self::assertSame('end', self::execute([PHP_BINARY, '-r', $code], self::$sandbox->environment(), 3));
    }

    public function testRequestEndsWhilePagesAreReadAhead(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Account' => 20]]);
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'list'], 'skip' => 2, 'times' => 0, 'delay_ms' => 5]);
        $code = '$pages = Egito\Client::fromEnv()->accounts()->list(pageSize: 1)->pages(); $pages->current(); $pages->next(); echo "end";';
        self::assertSame(array_fill(0, 50, 'end'), self::serve($code, 50));
    }

    public function testCloneOfAClientIsFreedOnce(): void
    {
        $client = self::$sandbox->client();
        $copy = clone $client;
        unset($client);
        gc_collect_cycles();
        self::assertTrue($copy->accounts()->create(['name' => 'x']) > 0);
    }

    public function testDumpsContainNoSecrets(): void
    {
        $code = 'ini_set("zend.exception_ignore_args", "0"); $client = Egito\Client::fromEnv();'
            . '$list = $client->accounts()->list(pageSize: 1); $pages = $list->pages(); $pages->current();'
            . 'try { $client->accounts()->get(987654); } catch (Egito\EgitoException $e) {} $all = [$client, $list, $pages, $e, $e->getTrace()];'
            . 'print_r($all); var_dump($all); var_export($e->getTrace()); echo "end";';
        $text = self::runPhp($code, self::$sandbox->environment());
        self::assertStringContainsString('end', substr($text, -3));
        self::assertSame([false, false], [str_contains($text, 'gęślą'), str_contains($text, self::$sandbox->settings['client_secret'])]);
    }

    public function testClientCannotBeSerialized(): void
    {
        $tries = [
            "Serialization of 'FFI" => static fn () => serialize(self::$sandbox->client()),
            'create a new client' => static fn () => unserialize('O:12:"Egito\Handle":1:{s:7:"address";i:1;}'),
        ];
        foreach ($tries as $message => $try) {
            try {
                $try();
            } catch (\Exception $thrown) {
                self::assertStringContainsString($message, $thrown->getMessage());
                continue;
            }
            self::fail('nothing was thrown');
        }
    }

    /**
     * Serves a script by PHP's own web server, with FFI for preloaded files only, and requests it several times.
     *
     * @return list<string>
     */
    private static function serve(string $code, int $requests): array
    {
        $script = tempnam(sys_get_temp_dir(), 'egito-');
        file_put_contents($script, "<?php $code");
        $command = [PHP_BINARY, '-d', 'ffi.enable=preload', '-d', 'opcache.preload=' . dirname(__DIR__) . '/preload.php',
            '-d', 'opcache.preload_user=' . posix_getpwuid(posix_geteuid())['name'], '-S', '127.0.0.1:0', $script];
        $server = proc_open($command, [2 => ['pipe', 'w']], $pipes, null, self::$sandbox->environment());
        try {
            do {
                $line = fgets($pipes[2]);
                self::assertNotFalse($line, 'the web server does not start');
            } while (preg_match('~\((http://[\d.:]+)\) started~', $line, $address) !== 1);
            return array_map(static fn () => file_get_contents($address[1]), range(1, $requests));
        } finally {
            proc_terminate($server);
            proc_close($server);
            unlink($script);
        }
    }
}
