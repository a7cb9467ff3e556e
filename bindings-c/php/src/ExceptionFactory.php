<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\InternalException;

/** @internal Creates exceptions from errors of the library. */
final class ExceptionFactory
{
    /**
     * Creates the exception of an error of the library.
     *
     * @param string $json details of the error
     * @param DecodeOptions $decode how to decode its record and values
     */
    public static function fromJson(string $json, DecodeOptions $decode): EgitoException
    {
        $details = $decode->decode($json);
        foreach (['elapsed', 'retry_after'] as $seconds) { // our own, not values of the server
            if (is_array($details) && ($details[$seconds] ?? null) instanceof Number) {
                $details[$seconds] = (float) (string) $details[$seconds];
            }
        }
        $code = is_array($details) ? $details['code'] ?? '' : '';
        /** @var array<string, mixed> $details */
        return new (self::classOf(is_string($code) ? $code : ''))($details);
    }

    /** @return class-string<EgitoException> InternalException for an unknown code */
    public static function classOf(string $code): string
    {
        $class = __NAMESPACE__ . '\\Exception\\' . str_replace('_', '', ucwords($code, '_')) . 'Exception';
        return is_subclass_of($class, EgitoException::class) ? $class : InternalException::class;
    }
}
