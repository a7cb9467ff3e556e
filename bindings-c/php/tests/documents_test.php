<?php

/** What the documents show runs as it stands there. */

declare(strict_types=1);

return [
    'the first example of the README' => static function (Sandbox $sandbox): void {
        preg_match('/```php\n(.*?)```/s', file_get_contents(__DIR__ . '/../README.md'), $example);
        $lines = substr_count($example[1], "\n");
        same(true, $lines <= 12 ?: $lines);
        $file = tempnam(sys_get_temp_dir(), 'egito-');
        file_put_contents($file, $example[1]);
        $loader = 'auto_prepend_file=' . dirname(__DIR__) . '/autoload.php';
        contains('Żubr', output([PHP_BINARY, '-d', $loader, $file], $sandbox->environment()));
        unlink($file);
    },
    'the demo' => static function (Sandbox $sandbox): void {
        $sandbox->control('POST', 'reset', ['records' => ['Account' => 1200]]);
        $text = output([PHP_BINARY, __DIR__ . '/../examples/demo.php'], $sandbox->environment());
        contains('1201 accounts on 3 pages', $text);
        contains('refused   validation:', $text);
    },
];
