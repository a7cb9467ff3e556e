<?php

declare(strict_types=1);

namespace Egito;

/** @internal How JSON values are decoded, by the settings `exact` and `decimals`. */
final class DecodeOptions
{
    public function __construct(public readonly bool $exact = false, public readonly bool $decimals = false)
    {
    }

    /** Returns whether PHP's own types are enough: no Number and no \ArrayObject is needed. */
    public function isPlain(): bool
    {
        return !$this->exact && !$this->decimals;
    }

    public function decode(string $json): mixed
    {
        return Json::decode($json, $this->exact, $this->decimals);
    }
}
