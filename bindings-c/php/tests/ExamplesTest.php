<?php

declare(strict_types=1);

namespace Egito\Tests;

/** The programs of the guide, the README and the demo run unchanged. */
final class ExamplesTest extends TestCase
{
    public function testOrderCreatesAContactAndAnOpportunityOnce(): void
    {
        $order = ['number' => '17/2026', 'email' => 'zoe@sklep.invalid', 'first_name' => 'Zoë', 'last_name' => 'Żak', 'total' => '12345678901234567.89'];
        preg_match('/contact (\d+), opportunity (\d+)/', self::program('order.php', json_encode($order)), $first);
        self::assertStringContainsString('"value":12345678901234567.89', self::$sandbox->lastBody('create'));
        preg_match('/contact (\d+), opportunity (\d+)/', self::program('order.php', json_encode($order)), $second);
        self::assertSame(array_slice($first, 1), array_slice($second, 1));
        $next = ['number' => '18/2026', 'email' => ' Zoe@sklep.invalid ', 'total' => '12,50'] + $order;
        preg_match('/contact (\d+), opportunity (\d+)/', self::program('order.php', json_encode($next)), $third);
        self::assertSame([true, false], [$first[1] === $third[1], $first[2] === $third[2]]);
        self::assertStringContainsString('"value":12.50', self::$sandbox->lastBody('create'));
        self::assertStringContainsString('no email', self::program('order.php', json_encode(array_diff_key($order, ['email' => 1]))));
        $nameless = json_encode(['email' => 'x@sklep.invalid', 'last_name' => ''] + $order);
        self::assertStringContainsString('lastName: ', self::program('order.php', $nameless, 1));
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'create', 'entity' => 'Opportunity'], 'cut' => 'after']);
        self::assertStringContainsString('opportunity ', self::program('order.php', json_encode(['number' => '19/2026'] + $order)));
        self::$sandbox->control('POST', 'faults', ['on' => ['action' => 'create', 'entity' => 'Opportunity'], 'cut' => 'before']);
        $unknown = self::program('order.php', json_encode(['number' => '20/2026'] + $order), 2);
        self::assertStringContainsString('Opportunity may have been created; send the order again later', $unknown);
    }

    public function testAccountIsCreatedOrUpdated(): void
    {
        $account = ['nip' => '5250001009', 'name' => 'Żubr', 'city' => 'Kraków'];
        self::assertStringStartsWith('created account ', self::program('account.php', json_encode($account)));
        self::assertStringContainsString('is unchanged', self::program('account.php', json_encode($account)));
        $moved = self::program('account.php', json_encode(['city' => 'Łódź'] + $account));
        self::assertStringEndsWith(": updated city\n", $moved);
        self::$sandbox->client()->accounts()->create($account);
        $several = self::program('account.php', json_encode($account));
        self::assertMatchesRegularExpression('/\Aseveral accounts have this number: \d+, \d+\n\z/', $several);
    }

    public function testAccountsOfAnotherSystemArePlannedAndSynced(): void
    {
        $lines = "{\"nip\": \"5250001009\", \"name\": \"Żubr\"}\n{\"name\": \"Ryś\"}\n";
        $plan = self::program('sync.php', $lines);
        self::assertStringStartsWith('created {"nip":"5250001009"', $plan);
        self::assertStringContainsString('invalid `key`', $plan);
        self::assertSame([], self::$sandbox->control('GET', 'journal?action=create'));
        self::assertStringContainsString("\n1 applied\n", self::program('sync.php', $lines, 0, 'apply'));
        self::assertStringStartsWith("unchanged null\n", self::program('sync.php', $lines));
    }

    public function testChangesOfAccountsAreCopied(): void
    {
        self::$sandbox->control('POST', 'reset', ['seed' => 'empty']);
        $id = self::$sandbox->client()->accounts()->create(['name' => 'Żubr']);
        self::assertSame("changed $id\n", self::program('changes.php'));
    }

    public function testLeadsAreStoredAndDelivered(): void
    {
        $outbox = sys_get_temp_dir() . '/egito-outbox.db'; // beside the folder of the program
        self::execute(['sh', '-c', 'rm -rf "$1"*', 'sh', $outbox]);
        $lead = json_encode(['formKey' => bin2hex(random_bytes(8)), 'lastName' => 'Ryś']);
        $stored = self::program('outbox.php', $lead, 0, 'put');
        self::assertMatchesRegularExpression('/\Astored as \d+\n\z/', $stored);
        self::assertSame($stored, self::program('outbox.php', $lead, 0, 'put'));
        self::assertSame("1 delivered, 0 waiting\n", self::program('outbox.php'));
        self::execute(['sh', '-c', 'rm -r "$1"*', 'sh', $outbox]);
    }

    public function testAccountsAsCsv(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Account' => 1200]]);
        self::assertSame(1201, substr_count(self::program('accounts.php'), "\n"));
    }

    public function testDurationOfEachRequest(): void
    {
        self::assertMatchesRegularExpression('/\Alogin 200: [\d.]+ s\nlist 200: [\d.]+ s\n/', self::program('metrics.php'));
    }

    public function testJobWithATimeLimit(): void
    {
        self::assertStringContainsString('created ', self::program('limit.php'));
    }

    public function testLeadWithItsResponse(): void
    {
        $expected = "/\Acreated \d+: status 200, request \n(\d+ accounts, application\/json;charset=UTF-8\n)+\z/";
        self::assertMatchesRegularExpression($expected, self::program('response.php'));
    }

    public function testImportReportsRefusedContacts(): void
    {
        $report = "{\"firstName\":\"Jan\",\"lastName\":\"\"}: validation, outcome rejected\n2 imported\n";
        self::assertSame($report, self::program('import.php', "Zoë,Żak\nJan,\nEwa,Bąk\n"));
        self::assertSame($report, self::program('import.php', "\xEF\xBB\xBF\"Zoë\",Żak\n\nJan\nEwa,Bąk\n\n"));
        self::assertStringContainsString('{"firstName":"Wa\ufffdnia"', self::program('import.php', "Wa\xBFnia,Bąk\n"));
        $names = array_column(self::$sandbox->control('GET', 'records/Contact'), 'firstName');
        self::assertSame(2, count(array_keys($names, 'Zoë', true)));
    }

    public function testFirstExampleOfTheReadme(): void
    {
        preg_match('/```php\n(.*?)```/s', file_get_contents(__DIR__ . '/../README.md'), $example);
        $lines = substr_count($example[1], "\n");
        self::assertLessThanOrEqual(12, $lines);
        $file = tempnam(sys_get_temp_dir(), 'egito-');
        file_put_contents($file, $example[1]);
        $loader = 'auto_prepend_file=' . self::AUTOLOAD;
        self::assertStringContainsString('Żubr', self::execute([PHP_BINARY, '-d', $loader, $file], self::$sandbox->environment()));
        unlink($file);
    }

    public function testDemo(): void
    {
        self::$sandbox->control('POST', 'reset', ['records' => ['Account' => 1200]]);
        $text = self::execute([PHP_BINARY, __DIR__ . '/../examples/demo.php'], self::$sandbox->environment());
        self::assertStringContainsString('1201 accounts on 3 pages', $text);
        self::assertStringContainsString('refused   validation:', $text);
    }

    /** Runs a program of docs/php.md, found by the name in its first line, and returns its output. */
    private static function program(string $name, string $input = '', int $status = 0, string $argument = ''): string
    {
        $guide = (string) file_get_contents(__DIR__ . '/../../../docs/php.md');
        preg_match_all('/```php\n(<\?php \/\/ (\S+):.*?)```/s', $guide, $programs);
        $code = array_combine($programs[2], $programs[1])[$name];
        $folder = sys_get_temp_dir() . '/egito-docs-' . getmypid();
        mkdir("$folder/vendor", recursive: true);
        file_put_contents("$folder/vendor/autoload.php", '<?php ' . self::requireAutoload());
        file_put_contents("$folder/$name", $code);
        file_put_contents("$folder/input", $input);
        $command = ['sh', '-c', 'cd "$1" && exec "$2" "$3" input $4 < input', 'sh', $folder, PHP_BINARY, $name, $argument];
        try {
            return self::execute($command, self::$sandbox->environment(), $status);
        } finally {
            self::execute(['rm', '-r', $folder]);
        }
    }
}
