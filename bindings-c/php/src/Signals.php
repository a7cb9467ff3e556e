<?php

declare(strict_types=1);

namespace Egito;

/**
 * @internal Puts signal handlers off where what they throw would lose a row. With pcntl_async_signals(), they run between any two
 * steps of PHP.
 */
final class Signals
{
    private static int $held = 0;

    /** Whether the program wants its handlers to run by themselves. */
    private static bool $async = false;

    public static function hold(): void
    {
        if (self::$held++ === 0) {
            self::$async = function_exists('pcntl_async_signals') && pcntl_async_signals(false);
        }
    }

    /** Runs the handlers of the signals that have come meanwhile. */
    public static function handle(): void
    {
        if (self::$async) {
            pcntl_signal_dispatch();
        }
    }

    public static function release(): void
    {
        if (--self::$held === 0 && self::$async) {
            pcntl_async_signals(true);
            pcntl_signal_dispatch();
        }
    }

    /**
     * Runs code of the program, in which handlers may run at any time.
     *
     * @template T
     * @param \Closure(): T $code
     * @return T
     */
    public static function during(\Closure $code): mixed
    {
        [$held, self::$held] = [self::$held, 1];
        try {
            self::release();
            return $code();
        } finally {
            self::hold();
            self::$held = $held;
        }
    }
}
