<?php

/** The client that people write by hand: one curl handle and json_decode; no token renewal, retries or timeouts. */

declare(strict_types=1);

final class Curl
{
    private readonly CurlHandle $curl;

    private readonly string $address;

    /** @param array<string, string> $settings */
    public function __construct(array $settings)
    {
        $login = curl_init("$settings[base_url]/oauth/token");
        $names = array_flip(['client_id', 'client_secret', 'username', 'password']);
        $form = http_build_query(['grant_type' => 'password'] + array_intersect_key($settings, $names));
        curl_setopt_array($login, [CURLOPT_POSTFIELDS => $form, CURLOPT_RETURNTRANSFER => true]);
        $token = json_decode((string) curl_exec($login), true, flags: JSON_THROW_ON_ERROR)['access_token'];
        $this->address = "$settings[base_url]/services/restapi/json/Account";
        $this->curl = curl_init();
        $headers = ["Authorization: Bearer $token", 'Accept: application/json'];
        curl_setopt_array($this->curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => $headers]);
    }

    /** @return array<mixed> */
    public function request(string $path): array
    {
        curl_setopt($this->curl, CURLOPT_URL, "$this->address/$path");
        $body = curl_exec($this->curl);
        if (!is_string($body) || curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE) !== 200) {
            throw new RuntimeException('the server refuses: ' . curl_error($this->curl));
        }
        return json_decode($body, true, flags: JSON_THROW_ON_ERROR);
    }

    /** @return Generator<int, array<string, mixed>> */
    public function records(int $page): Generator
    {
        $offset = 0;
        while (($records = $this->request("list?max=$page&offset=$offset&sort=id&order=asc")) !== []) {
            foreach ($records as $record) {
                yield $record;
            }
            $offset += $page;
        }
    }
}
