<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/** @internal What a client, its entities and its lists share: the library, the open client, how values come out. */
final class Connection
{
    private function __construct(
        private readonly Native $native,
        private readonly Handle $client,
        private readonly bool $exact,
    ) {
    }

    /** @param array<string, mixed> $settings */
    public static function open(
        #[\SensitiveParameter]
        array $settings,
        bool $fromEnv,
    ): self {
        ['library' => $library, 'exact' => $exact] = $settings + ['library' => null, 'exact' => false];
        unset($settings['library'], $settings['exact']);
        if (!is_string($library ?? '') || !is_bool($exact)) {
            [$setting, $kind] = is_bool($exact) ? ['library', 'a path'] : ['exact', 'true or false'];
            throw ConfigException::about($setting, "the setting `$setting` has a wrong value; it is $kind");
        }
        $native = Native::load($library);
        $function = $fromEnv ? 'egito_client_from_env' : 'egito_client_new';
        $client = $native->client($function, Json::object($settings, 'settings'));
        return new self($native, $client, $exact);
    }

    /** @param array<string, string> $arguments named as in egito.h */
    public function text(string $function, array $arguments): string
    {
        return $this->native->text($function, $this->client, $arguments) ?? 'null';
    }

    /** @param array<string, string> $arguments named as in egito.h */
    public function cursor(string $function, array $arguments): Handle
    {
        return $this->native->cursor($function, $this->client, $arguments);
    }

    /** @return ?list<array<string, mixed>> null after the last page */
    public function nextPage(Handle $cursor): ?array
    {
        $page = $this->native->text('egito_cursor_next_page', $cursor);
        return $page === null ? null : $this->decode($page);
    }

    public function decode(string $json): mixed
    {
        return Json::decode($json, $this->exact);
    }

    public function close(): void
    {
        $this->native->close($this->client);
    }

    public function panic(): never
    {
        $this->native->panic($this->client);
    }
}
