<?php

declare(strict_types=1);

namespace Egito\Tests;

use RuntimeException;

/** Runs PHP-FPM with a few workers, and sends requests to it like a web server. */
final class Fpm
{
    private readonly string $folder;

    /** @var resource */
    private $process;

    /** @var resource */
    private $log;

    /** @param array<string, string> $settings settings of php.ini */
    public function __construct(
        Sandbox $sandbox,
        array $settings,
        int $workers = 3,
        private readonly bool $hasEnvironment = true,
    ) {
        $name = 'php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
        $program = TestCase::requireProgram($name, 'php-fpm');
        TestCase::requireProgram('cgi-fcgi', 'libfcgi-bin');
        $this->folder = sys_get_temp_dir() . '/egito-fpm-' . getmypid() . '-' . bin2hex(random_bytes(4));
        mkdir($this->folder);
        file_put_contents("$this->folder/fpm.conf", $this->configuration($sandbox, $workers));
        $command = [$program, '--nodaemonize', '--allow-to-run-as-root', '--no-php-ini'];
        array_push($command, '--fpm-config', "$this->folder/fpm.conf");
        foreach (['opcache.enable' => '1', 'opcache.preload_user' => self::user()] + $settings as $name => $value) {
            array_push($command, '-d', "$name=$value");
        }
        array_push($command, '-d', 'zend_extension=opcache', '-d', 'extension=ffi');
        $pipes = [];
        $this->process = proc_open($command, [2 => ['pipe', 'w']], $pipes, $this->folder);
        $this->log = $pipes[2];
        for ($output = ''; !str_contains($output, 'ready to handle connections'); $output .= $line) {
            $line = fgets($this->log);
            $line !== false ?: throw new RuntimeException("php-fpm does not start:\n$output");
        }
    }

    /**
     * Requests a script several times at once, and returns the bodies of the responses.
     *
     * @param array<string, string> $parameters FastCGI parameters, like `fastcgi_param` of a web server
     * @return list<string>
     */
    public function request(string $code, int $times = 1, array $parameters = []): array
    {
        file_put_contents("$this->folder/page.php", "<?php $code");
        $environment = $parameters + [
            'SCRIPT_FILENAME' => "$this->folder/page.php",
            'REQUEST_METHOD' => 'GET',
            'PATH' => (string) getenv('PATH'),
        ];
        $requests = [];
        for ($i = 0; $i < $times; $i++) {
            $command = ['cgi-fcgi', '-bind', '-connect', "$this->folder/socket"];
            $requests[] = [proc_open($command, [1 => ['pipe', 'w']], $pipes, null, $environment), $pipes[1]];
        }
        return array_map(static function (array $request): string {
            $response = (string) stream_get_contents($request[1]);
            proc_close($request[0]);
            return explode("\r\n\r\n", $response, 2)[1] ?? throw new RuntimeException("no response: $response");
        }, $requests);
    }

    public function stop(): void
    {
        proc_terminate($this->process);
        stream_get_contents($this->log);
        proc_close($this->process);
        array_map(unlink(...), glob("$this->folder/*") ?: []);
        rmdir($this->folder);
    }

    private function configuration(Sandbox $sandbox, int $workers): string
    {
        $user = self::user();
        $group = posix_getgrgid(posix_getegid())['name'];
        $lines = "[global]\nerror_log = /dev/stderr\n[www]\nlisten = $this->folder/socket\nuser = $user\n"
            . "group = $group\npm = static\npm.max_children = $workers\ncatch_workers_output = yes\n";
        $environment = $this->hasEnvironment ? array_diff_key($sandbox->environment(), getenv()) : [];
        foreach ($environment + ['EGITO_LIBRARY' => TestCase::LIBRARY] as $name => $value) {
            $lines .= "env[$name] = \"$value\"\n";
        }
        return $lines;
    }

    private static function user(): string
    {
        return posix_getpwuid(posix_geteuid())['name'];
    }
}
