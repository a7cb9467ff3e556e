<?php

declare(strict_types=1);

namespace Egito\Exception;

use Egito\EgitoException;
use Egito\Outcome;

/** A setting or argument is missing, unknown or wrong; nothing was sent. `setting` names it. */
final class ConfigException extends EgitoException
{
    public const CODE = 'config';

    /** @internal An argument that only this package can check. */
    public static function about(string $setting, string $message, ?\Throwable $previous = null): self
    {
        return new self(['message' => $message, 'setting' => $setting, 'outcome' => Outcome::NotSent->value], $previous);
    }
}
