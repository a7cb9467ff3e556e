<?php

declare(strict_types=1);

namespace Egito\Tests;

use Closure;
use Egito\EgitoException;

/** Base class of the tests: one sandbox for all of them, which is reset before each test. */
abstract class TestCase extends \PHPUnit\Framework\TestCase
{
    /** The library under test. */
    public const LIBRARY = __DIR__ . '/../../../target/debug/libegito.so';

    protected const AUTOLOAD = __DIR__ . '/../autoload.php';

    protected static Sandbox $sandbox;

    public static function setUpBeforeClass(): void
    {
        self::$sandbox ??= new Sandbox();
    }

    protected function setUp(): void
    {
        self::$sandbox->control('POST', 'reset', []);
    }

    /**
     * Returns the exception that a function throws, which must be of exactly this class.
     *
     * @template T of EgitoException
     * @param class-string<T> $class
     * @return T
     */
    protected static function thrown(string $class, Closure $function): EgitoException
    {
        try {
            $function();
        } catch (EgitoException $exception) {
            self::assertSame($class, $exception::class, (string) $exception);
            return $exception;
        }
        self::fail("expected $class, and nothing was thrown");
    }

    /**
     * Runs a program to its end and returns its output, including errors.
     *
     * @param list<string> $command
     * @param ?array<string, string> $environment
     */
    protected static function execute(array $command, ?array $environment = null, int $status = 0): string
    {
        $pipes = [];
        $descriptors = [1 => ['pipe', 'w'], 2 => ['redirect', 1]];
        $process = proc_open($command, $descriptors, $pipes, dirname(__DIR__, 3), $environment);
        $output = (string) stream_get_contents($pipes[1]);
        self::assertSame($status, proc_close($process), $output);
        return $output;
    }

    /** Runs PHP code in a process of its own and returns its output. */
    protected static function runPhp(string $code, ?array $environment = null, string ...$options): string
    {
        return self::execute([PHP_BINARY, ...$options, '-r', self::requireAutoload() . $code], $environment);
    }

    protected static function requireAutoload(): string
    {
        return 'require ' . var_export(self::AUTOLOAD, true) . ';';
    }

    /** Returns the path of a program. Skips the test if it is missing, and names its Debian package. */
    public static function requireProgram(string $name, string $package): string
    {
        foreach ([...explode(':', (string) getenv('PATH')), '/usr/sbin'] as $folder) {
            if (is_executable("$folder/$name")) {
                return "$folder/$name";
            }
        }
        $message = "$name is missing; install it with: sudo apt-get install $package";
        fwrite(STDERR, "\nNOT RUN: $message\n"); // PHPUnit shows the reason only with an option
        self::markTestSkipped($message);
    }

    /** Returns the memory of this process in KiB, including that of the library. */
    protected static function memory(): int
    {
        gc_collect_cycles();
        return 4 * (int) explode(' ', (string) file_get_contents('/proc/self/statm'))[1];
    }
}
