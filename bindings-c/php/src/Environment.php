<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\ConfigException;

/**
 * @internal Reads settings from the environment of PHP: FastCGI parameters of a web server, and what a program loaded
 * from a file into $_ENV. The library sees only the environment of the process.
 */
final class Environment
{
    private const VARIABLES = [
        'EGITO_NAME' => 'name',
        'EGITO_BASE_URL' => 'base_url',
        'EGITO_API_ID' => 'client_id',
        'EGITO_API_SECRET' => 'client_secret',
        'EGITO_USERNAME' => 'username',
        'EGITO_PASSWORD' => 'password',
    ];

    /**
     * Adds the settings of the environment to the given ones, which take precedence. If an address is given, that of
     * the environment is ignored.
     *
     * @param array<string, mixed> $settings
     * @return array<string, mixed>
     */
    public static function fill(
        #[\SensitiveParameter]
        array $settings,
    ): array {
        $hasAddress = isset($settings['name']) || isset($settings['base_url']) || isset($settings['baseUrl']);
        if (!$hasAddress && self::value('EGITO_NAME') !== null && self::value('EGITO_BASE_URL') !== null) {
            $message = 'the environment variables EGITO_NAME and EGITO_BASE_URL are both set; set one of them';
            throw ConfigException::about('base_url', $message);
        }
        foreach (self::VARIABLES as $variable => $setting) {
            $isAddress = $setting === 'name' || $setting === 'base_url';
            $value = self::value($variable);
            $isKnown = $value === getenv($variable, local_only: true); // the library reads it itself
            if ($value !== null && !$isKnown && !($isAddress && $hasAddress) && !self::isGiven($settings, $setting)) {
                $settings[$setting] = $value;
            }
        }
        return $settings;
    }

    /** Request headers cannot be read by this: PHP names them HTTP_…. An empty value counts as missing. */
    private static function value(string $variable): ?string
    {
        foreach ([$_ENV[$variable] ?? null, $_SERVER[$variable] ?? null, getenv($variable)] as $value) {
            if (is_string($value) && $value !== '') {
                return $value;
            }
        }
        return null;
    }

    /** @param array<string, mixed> $settings */
    private static function isGiven(array $settings, string $setting): bool
    {
        $camelCase = lcfirst(str_replace('_', '', ucwords($setting, '_')));
        return array_key_exists($setting, $settings) || array_key_exists($camelCase, $settings);
    }
}
