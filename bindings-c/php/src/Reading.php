<?php

declare(strict_types=1);

namespace Egito;

/** @internal How values come out of JSON, as the settings `exact` and `decimals` say. */
final class Reading
{
    public function __construct(public readonly bool $exact = false, public readonly bool $decimals = false)
    {
    }

    /** Whether PHP's own form of values is enough. */
    public function isPlain(): bool
    {
        return !$this->exact && !$this->decimals;
    }

    public function decode(string $json): mixed
    {
        return Json::decode($json, $this->exact, $this->decimals);
    }
}
