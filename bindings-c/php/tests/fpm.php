<?php

/** PHP-FPM with a few workers, asked as a web server asks it. */

declare(strict_types=1);

final class Fpm
{
    private readonly string $folder;

    /** @var resource */
    private $process;

    /** @var resource */
    private $log;

    /**
     * @param array<string, string> $settings of php.ini
     * @throws NotRun where php-fpm or its client is missing
     */
    public function __construct(Sandbox $sandbox, array $settings, int $workers = 3, private readonly bool $hasEnvironment = true)
    {
        $program = program('php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION, 'php-fpm');
        program('cgi-fcgi', 'libfcgi-bin');
        $this->folder = sys_get_temp_dir() . '/egito-fpm-' . getmypid() . '-' . bin2hex(random_bytes(4));
        mkdir($this->folder);
        file_put_contents("$this->folder/fpm.conf", $this->configuration($sandbox, $workers));
        $command = [$program, '--nodaemonize', '--allow-to-run-as-root', '--fpm-config', "$this->folder/fpm.conf", '--no-php-ini'];
        foreach (['opcache.enable' => '1', 'opcache.preload_user' => self::user()] + $settings as $name => $value) {
            array_push($command, '-d', "$name=$value");
        }
        array_push($command, '-d', 'zend_extension=opcache', '-d', 'extension=ffi');
        $pipes = [];
        $this->process = proc_open($command, [2 => ['pipe', 'w']], $pipes, $this->folder);
        $this->log = $pipes[2];
        for ($said = ''; !str_contains($said, 'ready to handle connections'); $said .= $line) {
            $line = fgets($this->log);
            $line !== false ?: throw new RuntimeException("php-fpm does not start:\n$said");
        }
    }

    /**
     * What a script answers, asked so many times, all at once.
     *
     * @param array<string, string> $parameters of FastCGI, as a web server's `fastcgi_param` gives them
     * @return list<string>
     */
    public function answers(string $code, int $times = 1, array $parameters = []): array
    {
        file_put_contents("$this->folder/page.php", "<?php $code");
        $environment = ['SCRIPT_FILENAME' => "$this->folder/page.php", 'REQUEST_METHOD' => 'GET', 'PATH' => (string) getenv('PATH')] + $parameters;
        $asked = [];
        for ($i = 0; $i < $times; $i++) {
            $command = ['cgi-fcgi', '-bind', '-connect', "$this->folder/socket"];
            $asked[] = [proc_open($command, [1 => ['pipe', 'w']], $pipes, null, $environment), $pipes[1]];
        }
        return array_map(static function (array $one): string {
            $answer = (string) stream_get_contents($one[1]);
            proc_close($one[0]);
            return explode("\r\n\r\n", $answer, 2)[1] ?? throw new RuntimeException("no answer: $answer");
        }, $asked);
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
        $lines = "[global]\nerror_log = /dev/stderr\n[www]\nlisten = $this->folder/socket\nuser = $user\ngroup = $group\n"
            . "pm = static\npm.max_children = $workers\ncatch_workers_output = yes\n";
        $settings = $this->hasEnvironment ? array_diff_key($sandbox->environment(), getenv()) : [];
        foreach ($settings + ['EGITO_LIBRARY' => LIBRARY] as $name => $value) {
            $lines .= "env[$name] = \"$value\"\n";
        }
        return $lines;
    }

    private static function user(): string
    {
        return posix_getpwuid(posix_geteuid())['name'];
    }
}
