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
     * @param bool $exact whether its record and values come as the setting `exact` wants them
     */
    public static function fromJson(string $json, bool $exact): EgitoException
    {
        $details = Json::decode($json, $exact);
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
