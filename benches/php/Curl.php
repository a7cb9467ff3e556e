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
        $names = array_flip(['client_id', 'client_secret', 'username', 'password']);
        $form = http_build_query(['grant_type' => 'password'] + array_intersect_key($settings, $names));
        $this->curl = curl_init();
        curl_setopt($this->curl, CURLOPT_RETURNTRANSFER, true);
        $token = $this->send("$settings[base_url]/oauth/token", $form)['access_token'];
        $this->address = "$settings[base_url]/services/restapi/json/Account";
        $headers = ["Authorization: Bearer $token", 'Accept: application/json', 'Content-Type: application/json'];
        curl_setopt($this->curl, CURLOPT_HTTPHEADER, $headers);
    }

    /** @return array<string, mixed> */
    public function get(int $id): array
    {
        return $this->send("$this->address/get?id=$id");
    }

    /** @param array<string, mixed> $record */
    public function create(array $record): int|string
    {
        return $this->send("$this->address/create", json_encode($record, JSON_THROW_ON_ERROR))['id'];
    }

    /** @return list<array<string, mixed>> */
    public function all(int $page): array
    {
        $all = [];
        while (true) {
            $offset = count($all);
            $response = $this->send("$this->address/list?sort=id&order=asc&max=$page&offset=$offset");
            $records = $response['list'] ?? $response;
            if ($records === []) {
                return $all;
            }
            array_push($all, ...$records);
        }
    }

    /** @return array<mixed> */
    private function send(string $url, ?string $body = null): array
    {
        curl_setopt($this->curl, CURLOPT_URL, $url);
        if ($body === null) {
            curl_setopt($this->curl, CURLOPT_HTTPGET, true);
        } else {
            curl_setopt($this->curl, CURLOPT_POSTFIELDS, $body);
        }
        $response = curl_exec($this->curl);
        if (!is_string($response) || curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE) !== 200) {
            throw new RuntimeException("the server refuses $url: " . curl_error($this->curl));
        }
        return json_decode($response, true, flags: JSON_THROW_ON_ERROR);
    }
}
