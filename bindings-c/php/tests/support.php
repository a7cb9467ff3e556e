<?php

/** What the tests share: a sandbox, and ways to say what must hold. */

declare(strict_types=1);

use Egito\Client;
use Egito\EgitoException;

/** The library under test. */
const LIBRARY = __DIR__ . '/../../../target/debug/libegito.so';

/** A test that cannot be run here, and why. */
final class NotRun extends RuntimeException
{
}

/** The program egito-sandbox, and its control address. */
final class Sandbox
{
    private readonly string $address;

    /** @var array<string, mixed> of a client that talks to it */
    public readonly array $settings;

    /** @var resource */
    private $process;

    /** @var resource */
    private $output;

    public function __construct()
    {
        $program = dirname(__DIR__, 3) . '/target/debug/egito-sandbox';
        $pipes = [];
        $this->process = proc_open([$program, '--port', '0', '--exit-with-parent'], [1 => ['pipe', 'w']], $pipes);
        $this->output = $pipes[1];
        $ready = json_decode((string) fgets($this->output), true, flags: JSON_THROW_ON_ERROR);
        $this->address = $ready['address'];
        $this->settings = $ready['settings'] + ['backoff_base_ms' => 1, 'backoff_max_ms' => 5];
    }

    /** @param array<string, mixed> $settings more than the sandbox's own */
    public function client(array $settings = []): Client
    {
        return new Client($settings + $this->settings);
    }

    public function control(string $method, string $path, mixed $body = null): mixed
    {
        $http = ['method' => $method, 'header' => 'Content-Type: application/json'];
        $http['content'] = $body === null ? '' : json_encode($body === [] ? new stdClass() : $body);
        $answer = file_get_contents("$this->address/_sandbox/$path", context: stream_context_create(['http' => $http]));
        return json_decode($answer, true);
    }

    /** The next request like this is answered so. */
    public function answers(string $action, string $body, int $status = 200): void
    {
        $this->control('POST', 'faults', ['on' => ['action' => $action], 'answer' => compact('status', 'body')]);
    }

    /** @return array<string, string> as a program wants it that reads its settings from the environment */
    public function environment(): array
    {
        return [
            'EGITO_BASE_URL' => $this->settings['base_url'],
            'EGITO_API_ID' => $this->settings['client_id'],
            'EGITO_API_SECRET' => $this->settings['client_secret'],
            'EGITO_USERNAME' => $this->settings['username'],
            'EGITO_PASSWORD' => $this->settings['password'],
        ] + getenv();
    }

    /** What the sandbox was last sent for this action. */
    public function sent(string $action): string
    {
        $requests = $this->control('GET', "journal?action=$action");
        return end($requests)['body'] ?? '';
    }

    public function stop(): void
    {
        proc_terminate($this->process);
        proc_close($this->process);
    }
}

function same(mixed $expected, mixed $actual): void
{
    if ($expected !== $actual) {
        throw new RuntimeException('expected ' . var_export($expected, true) . "\ngot " . var_export($actual, true));
    }
}

function contains(string $part, string $text): void
{
    if (!str_contains($text, $part)) {
        throw new RuntimeException("expected \"$part\" in:\n$text");
    }
}

/**
 * The exception that is thrown, which must be of this class.
 *
 * @template T of EgitoException
 * @param class-string<T> $class
 * @return T
 */
function thrown(string $class, Closure $by): EgitoException
{
    try {
        $by();
    } catch (EgitoException $exception) {
        same($class, $exception::class);
        return $exception;
    }
    throw new RuntimeException("expected $class, and nothing was thrown");
}

/**
 * Runs a program to its end; what it prints, errors included.
 *
 * @param list<string> $command
 * @param ?array<string, string> $environment
 */
function output(array $command, ?array $environment = null, int $status = 0): string
{
    $pipes = [];
    $root = dirname(__DIR__, 3);
    $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, $root, $environment);
    $text = (string) stream_get_contents($pipes[1]);
    $ended = proc_close($process);
    if ($ended !== $status) {
        throw new RuntimeException("status $ended:\n$text");
    }
    return $text;
}

/** The path of a program, else it is said which Debian package has it. */
function program(string $name, string $package): string
{
    foreach ([...explode(':', (string) getenv('PATH')), '/usr/sbin'] as $folder) {
        if (is_executable("$folder/$name")) {
            return "$folder/$name";
        }
    }
    throw new NotRun("$name is missing; install it with: sudo apt-get install $package");
}

/** What a PHP of its own says to this code. */
function php(string $code, ?array $environment = null, string ...$options): string
{
    $code = 'require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . "; $code";
    return output([PHP_BINARY, ...$options, '-r', $code], $environment);
}

/** Memory of this process that is in use, in KiB: the library's is in it, unlike in memory_get_usage(). */
function memory(): int
{
    gc_collect_cycles();
    return 4 * (int) explode(' ', (string) file_get_contents('/proc/self/statm'))[1];
}
