<?php

declare(strict_types=1);

namespace Egito;

/**
 * @internal Blocks signal handlers while an exception of theirs would lose a row: with pcntl_async_signals(), they run
 * between any two steps of PHP.
 */
final class Signals
{
    private static int $blocks = 0;

    /** Whether the program uses pcntl_async_signals(). */
    private static bool $async = false;

    public static function block(): void
    {
        if (self::$blocks++ === 0) {
            self::$async = function_exists('pcntl_async_signals') && pcntl_async_signals(false);
        }
    }

    /** Runs the handlers of signals that have arrived since block(). */
    public static function dispatch(): void
    {
        if (self::$async) {
            pcntl_signal_dispatch();
        }
    }

    public static function unblock(): void
    {
        if (--self::$blocks === 0 && self::$async) {
            pcntl_async_signals(true);
            pcntl_signal_dispatch();
        }
    }

    /**
     * Runs code of the program, which handlers may interrupt at any time.
     *
     * @template T
     * @param \Closure(): T $code
     * @return T
     */
    public static function runUnblocked(\Closure $code): mixed
    {
        [$blocks, self::$blocks] = [self::$blocks, 1];
        try {
            self::unblock();
            return $code();
        } finally {
            self::block();
            self::$blocks = $blocks;
        }
    }
}
