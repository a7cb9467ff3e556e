<?php

declare(strict_types=1);

namespace Egito;

/**
 * The result of a call or a page of a list, with its HTTP response; see Entity::withResponse().
 *
 * @template-covariant T
 */
final class Response
{
    /**
     * @internal Created by an EntityWithResponse or a RecordListWithResponse.
     * @param T $value result of the call, or the records of the page
     * @param int $status HTTP status of the last response
     * @param array<string, list<string>> $headers headers of the last response: all values by lowercase name. Secrets
     *     are replaced by `[removed]`, and so is the whole value of `set-cookie`, `www-authenticate` and similar
     *     headers
     * @param int $attempts number of requests of the call
     * @param int $callId number of the call: the `call` of its events
     * @param float $elapsed seconds from the start of the call to the last response, including retries and backoff
     */
    public function __construct(
        public readonly mixed $value,
        public readonly int $status,
        public readonly array $headers,
        public readonly int $attempts,
        public readonly int $callId,
        public readonly float $elapsed,
    ) {
    }

    /**
     * Returns the values of a header, joined by commas; null if it is missing. The case of the name does not matter.
     */
    public function header(string $name): ?string
    {
        $values = $this->headers[strtolower($name)] ?? null;
        return $values === null ? null : implode(', ', $values);
    }

    /**
     * @internal
     * @template V
     * @param V $value
     * @param string $json as egito_response_json writes it
     * @return self<V>
     */
    public static function fromJson(mixed $value, string $json): self
    {
        /**
         * @var array{status: int, headers: list<array{string, string}>, attempts: int, call_id: int, elapsed:
         *     float|int} $parts
         */
        $parts = Json::decode($json);
        $headers = [];
        foreach ($parts['headers'] as [$name, $line]) {
            $headers[$name][] = $line;
        }
        $elapsed = (float) $parts['elapsed'];
        return new self($value, $parts['status'], $headers, $parts['attempts'], $parts['call_id'], $elapsed);
    }
}
