<?php

declare(strict_types=1);

namespace Egito\Tests;

use Egito\Exception\ConfigException;
use Egito\FoundOrCreated;

/** createOnce(): its arguments, its result, and the lead form of the guide. The suite tests the rules. */
final class CreateOnceTest extends TestCase
{
    private const LEAD = ['lastName' => 'Ryś', 'formKey' => 'f-1'];

    public function testSecondCallFindsTheRecord(): void
    {
        $leads = self::$sandbox->client()->leads();
        $first = $leads->createOnce(self::LEAD, 'formKey');
        self::assertTrue($first->created);
        $again = $leads->createOnce((object) self::LEAD, key: ['formKey'], settle: 0.5, lookup: 'scan');
        self::assertEquals(new FoundOrCreated($first->id, false), $again);
        self::assertCount(1, self::$sandbox->control('GET', 'journal?action=create'));
    }

    public function testDuplicatesAreIds(): void
    {
        $records = [['id' => 900, 'formKey' => 'f-1'], ['id' => 100, 'formKey' => 'f-1']];
        self::$sandbox->control('POST', 'seed', ['entities' => ['Lead' => $records]]);
        $found = self::$sandbox->client()->leads()->createOnce(self::LEAD, 'formKey');
        self::assertSame([100, [100, 900]], [$found->id, $found->duplicates]);
    }

    public function testInvalidArgumentsAreRefused(): void
    {
        $leads = self::$sandbox->client()->leads();
        foreach (
            [
                'key' => static fn () => $leads->createOnce(['lastName' => 'Ryś'], 'formKey'),
                'lookup' => static fn () => $leads->createOnce(self::LEAD, 'formKey', lookup: 'guess'),
                'settle' => static fn () => $leads->createOnce(self::LEAD, 'formKey', settle: -1),
            ] as $setting => $call
        ) {
            self::assertSame($setting, self::thrown(ConfigException::class, $call)->setting);
        }
        self::assertSame([], self::$sandbox->control('GET', 'journal'));
    }

    public function testLeadFormOfTheGuideSavesALeadOnce(): void
    {
        preg_match('/```php\n(<\?php \/\/ contact\.php:.*?)```/s', (string) file_get_contents(__DIR__ . '/../../../docs/php.md'), $code);
        $root = sys_get_temp_dir() . '/egito-form-' . getmypid();
        mkdir("$root/public/vendor", recursive: true);
        file_put_contents("$root/public/vendor/autoload.php", '<?php ' . self::requireAutoload());
        file_put_contents("$root/public/contact.php", $code[1]);
        $command = [PHP_BINARY, '-d', 'ffi.enable=1', '-S', '127.0.0.1:0', '-t', "$root/public"];
        $pipes = [];
        $environment = self::$sandbox->environment();
        $server = proc_open($command, [2 => ['pipe', 'w']], $pipes, $root, $environment);
        try {
            $url = self::addressOf($pipes[2]) . '/contact.php';
            preg_match("/name='formKey' value='(\w+)'/", (string) file_get_contents($url), $key);
            $form = ['lastName' => 'Nowak', 'phone' => '', 'formKey' => $key[1], 'owner' => 'jan@firma'];
            self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'create'], 'cut' => 'after']);
            self::assertSame([200, 'Thank you!'], self::post($url, $form));
            self::assertSame([200, 'Thank you!'], self::post($url, $form));
            self::assertSame(400, self::post($url, ['lastName' => '', 'formKey' => 'other'])[0]);
            self::assertSame(400, self::post($url, ['lastName' => 'Nowak'])[0]);
            foreach ([' ', "\u{200b}", "\xff"] as $formKey) {
                self::assertSame(400, self::post($url, ['lastName' => 'Nowak', 'formKey' => $formKey])[0]);
            }
            self::assertSame(400, self::post($url, ['lastName' => "Nowak\xff", 'formKey' => 'fourth'])[0]);
            $response = ['status' => 403, 'json' => ['message' => 'Brak prawa LIST']];
            self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'list'], 'response' => $response]);
            $expected = [502, 'This did not work. Please try again later.'];
            self::assertSame($expected, self::post($url, ['formKey' => 'third'] + $form));
            [$create, $refused] = self::$sandbox->control('GET', 'journal?action=create');
            self::assertEquals(['lastName' => 'Nowak', 'phone' => '', 'formKey' => $key[1]], $create['json']);
            self::assertFalse($refused['applied']);
        } finally {
            proc_terminate($server);
            proc_close($server);
            self::execute(['rm', '-r', $root]);
        }
    }

    /** @param resource $output of `php -S` */
    private static function addressOf($output): string
    {
        while (($line = fgets($output)) !== false) {
            if (preg_match('/\((http:\S+)\) started/', $line, $address) === 1) {
                return $address[1];
            }
        }
        self::fail('the server ended before it listened');
    }

    /**
     * Sends a form.
     *
     * @param array<string, string> $form
     * @return array{int, string} status and body
     */
    private static function post(string $url, array $form): array
    {
        $header = 'Content-Type: application/x-www-form-urlencoded';
        $http = ['method' => 'POST', 'content' => http_build_query($form), 'ignore_errors' => true] + compact('header');
        $body = (string) file_get_contents($url, context: stream_context_create(['http' => $http]));
        return [(int) explode(' ', $http_response_header[0])[1], $body];
    }
}
