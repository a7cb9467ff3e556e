<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Client;
use Egito\Exception\ConfigException;

/** probe() and fromFile(): their arguments and results. The core tests what a probe finds. */
final class ProbeTest extends TestCase
{
    public function testAProbeFindsTheSettingsOfTheServer(): void
    {
        self::$sandbox->control('POST', 'reset', [
            'seed' => 'empty',
            'records' => ['Account' => 5],
            'config' => ['limit_param' => 'limit', 'page_cap' => 2],
        ]);
        $report = self::$sandbox->client()->probe(['Account'], write: 'Account', record: ['name' => 'Test'], timeout: 60);
        self::assertTrue($report->isOk, $report->text);
        self::assertSame(['limit_param' => 'limit', 'page_size' => 2], $report->settings);
        self::assertSame(2, $report->facts['page_cap']);
        self::assertStringContainsString("Client::fromEnv([\n    'limit_param' => 'limit',\n", $report->snippets['php']);
        self::assertSame('ok', $report->check('list_offset')?->status);
        self::assertNull($report->check('no_such_check'));

        $path = $this->file($report->toml);
        $client = Client::fromFile($path, self::$sandbox->settings);
        self::assertCount(5, iterator_to_array($client->accounts()->list(), false));
    }

    public function testAnErrorOfAFileNamesTheLine(): void
    {
        $path = $this->file("# ours\nlimt_param = 'limit'\n");
        $this->expectException(ConfigException::class);
        $this->expectExceptionMessage("$path, line 2: unknown setting `limt_param`: did you mean `limit_param`?");
        Client::fromFile($path);
    }

    private function file(string $toml): string
    {
        $path = (string) tempnam(sys_get_temp_dir(), 'egito');
        file_put_contents($path, $toml);
        register_shutdown_function(static fn (): bool => unlink($path));
        return $path;
    }
}
