<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\InternalException;

/** @internal Makes the exception of an error code. */
final class ExceptionFactory
{
    /**
     * Makes the exception that an error of the library stands for.
     *
     * @param string $json the error's details
     * @param Reading $reading how its record and values come out
     */
    public static function fromJson(string $json, Reading $reading): EgitoException
    {
        $details = $reading->decode($json);
        foreach (['elapsed', 'retry_after'] as $seconds) { // ours, and no values of the server
            if (is_array($details) && ($details[$seconds] ?? null) instanceof Number) {
                $details[$seconds] = (float) (string) $details[$seconds];
            }
        }
        $code = is_array($details) ? $details['code'] ?? '' : '';
        /** @var array<string, mixed> $details */
        return new (self::classOf(is_string($code) ? $code : ''))($details);
    }

    /** @return class-string<EgitoException> InternalException for a code that has no class here */
    public static function classOf(string $code): string
    {
        $class = __NAMESPACE__ . '\\Exception\\' . str_replace('_', '', ucwords($code, '_')) . 'Exception';
        return is_subclass_of($class, EgitoException::class) ? $class : InternalException::class;
    }
}
