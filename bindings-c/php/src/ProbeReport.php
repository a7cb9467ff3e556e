<?php

declare(strict_types=1);

namespace Egito;

/**
 * The result of Client::probe(). It contains no secrets and no data of the customer.
 *
 *     $report = $client->probe();
 *     echo $report->text;
 */
final class ProbeReport
{
    /**
     * @internal Created by a Client.
     * @param bool $isOk whether no check found a problem
     * @param list<ProbeCheck> $checks the checks
     * @param array<string, mixed> $settings the settings that this server needs and whose defaults differ, by name
     * @param array<string, mixed> $facts observations, such as `list_form` and `page_cap`, by name
     * @param int $requests number of requests that were sent, logins included
     * @param float $elapsed duration of the probe in seconds
     * @param string $text the report for people
     * @param string $toml the settings as a TOML file, for Client::fromFile()
     * @param array<string, string> $snippets the settings in each form: `toml`, `env` (environment variables), and code
     *                                        that creates a client in `php`, `python` and other languages
     */
    public function __construct(
        public readonly bool $isOk,
        public readonly array $checks,
        public readonly array $settings,
        public readonly array $facts,
        public readonly int $requests,
        public readonly float $elapsed,
        public readonly string $text,
        public readonly string $toml,
        public readonly array $snippets,
    ) {
    }

    /** Returns the first check with this name. */
    public function check(string $name): ?ProbeCheck
    {
        foreach ($this->checks as $check) {
            if ($check->name === $name) {
                return $check;
            }
        }
        return null;
    }

    /** @internal Reads the report of the library. */
    public static function fromJson(string $json): self
    {
        /**
         * @var array{
         *     is_ok: bool,
         *     checks: list<array{
         *         name: string, entity: ?string, status: string, message: string, advice: ?string, mark: string,
         *     }>,
         *     settings: array<string, mixed>,
         *     facts: array<string, mixed>,
         *     requests: int,
         *     elapsed: float,
         *     text: string,
         *     toml: string,
         *     snippets: array<string, string>,
         * } $report
         */
        $report = Json::decode($json);
        $checks = array_map(static fn (array $check): ProbeCheck => new ProbeCheck(...$check), $report['checks']);
        return new self(
            $report['is_ok'],
            $checks,
            $report['settings'],
            $report['facts'],
            $report['requests'],
            $report['elapsed'],
            $report['text'],
            $report['toml'],
            $report['snippets'],
        );
    }
}
