<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Client;
use RuntimeException;
use stdClass;

/** Runs the program egito-sandbox, and talks to its control address. */
final class Sandbox
{
    private readonly string $address;

    /** @var array<string, mixed> settings of a client for this sandbox */
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

    /** @param array<string, mixed> $settings override those of the sandbox */
    public function client(array $settings = []): Client
    {
        return new Client($settings + $this->settings);
    }

    public function control(string $method, string $path, mixed $body = null): mixed
    {
        $http = ['method' => $method, 'header' => 'Content-Type: application/json'];
        $http['content'] = $body === null ? '' : json_encode($body === [] ? new stdClass() : $body);
        $context = stream_context_create(['http' => $http + ['ignore_errors' => true]]);
        $body = (string) file_get_contents("$this->address/_sandbox/$path", context: $context);
        $status = (int) explode(' ', $http_response_header[0])[1];
        if ($status >= 400 && $status !== 408) { // 408: nothing happened during the wait
            throw new RuntimeException("$method $path: status $status: $body");
        }
        return json_decode($body, true);
    }

    /** Sets the response of the next request with this action. */
    public function respondTo(string $action, string $body, int $status = 200): void
    {
        $this->control('POST', 'faults', ['on' => ['action' => $action], 'response' => compact('status', 'body')]);
    }

    /** @return array<string, string> environment of a program that reads its settings from it */
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

    /** Returns the body of the last request with this action. */
    public function lastBody(string $action): string
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
