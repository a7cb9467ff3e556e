<?php

declare(strict_types=1);

namespace Egito;

use Egito\Exception\InternalException;

/**
 * A failure with everything that is known about it. Each code has a class of its own in Egito\Exception.
 *
 * The message is one sentence for people: what happened, and what to do. Decide by class, never by text.
 */
abstract class EgitoException extends \RuntimeException
{
    /** The stable word of the class. */
    public const CODE = '';

    /** The same word, of this exception. */
    public readonly string $errorCode;

    /** What is known about the server's state (writes only). */
    public readonly ?Outcome $outcome;

    /** HTTP status of the last answer. */
    public readonly ?int $status;

    public readonly ?string $entity;

    /** `login` for the token. */
    public readonly ?string $action;

    /** Id of the record that the call was about. */
    public readonly int|string|null $id;

    /** How many requests were made for the call; the login's own are not counted. */
    public readonly int $attempts;

    /** Seconds from the call's start. */
    public readonly ?float $elapsed;

    /** The right that is missing: CREATE, READ, UPDATE or DELETE. */
    public readonly ?string $category;

    /** The setting or argument that is wrong. */
    public readonly ?string $setting;

    /** @var list<FieldError> the server's complaints */
    public readonly array $errors;

    /** Seconds that the server asked to wait. */
    public readonly ?float $retryAfter;

    /** Such as `invalid_grant`. */
    public readonly ?string $oauthError;

    public readonly ?string $oauthDescription;

    public readonly ?string $contentType;

    /** The first 200 characters of the answer. */
    public readonly ?string $bodyStart;

    /** @var ?array<string, mixed> the record that was sent and whose fate is unknown */
    public readonly ?array $record;

    /** Which time limit was reached: `timeout`, `connect_timeout` or `read_timeout`. */
    public readonly ?string $limit;

    /** What was seen of a list that cannot be read completely. */
    public readonly ?string $seen;

    /** What was below this failure. */
    public readonly ?string $cause;

    /** @param array<string, mixed> $details named as in the reference of errors; all may be left out */
    final public function __construct(private readonly array $details = [])
    {
        parent::__construct($details['message'] ?? '');
        $this->errorCode = static::CODE;
        $this->outcome = Outcome::tryFrom($details['outcome'] ?? '');
        $this->status = $details['status'] ?? null;
        $this->entity = $details['entity'] ?? null;
        $this->action = $details['action'] ?? null;
        $this->id = is_float($details['id'] ?? null) ? (string) $details['id'] : $details['id'] ?? null;
        $this->attempts = $details['attempts'] ?? 0;
        $this->elapsed = $details['elapsed'] ?? null;
        $this->category = $details['category'] ?? null;
        $this->setting = $details['setting'] ?? null;
        $this->errors = array_map(self::fieldError(...), $details['errors'] ?? []);
        $this->retryAfter = $details['retry_after'] ?? null;
        $this->oauthError = $details['oauth_error'] ?? null;
        $this->oauthDescription = $details['oauth_description'] ?? null;
        $this->contentType = $details['content_type'] ?? null;
        $this->bodyStart = $details['body_start'] ?? null;
        $this->record = $details['record'] ?? null;
        $this->limit = $details['limit'] ?? null;
        $this->seen = $details['seen'] ?? null;
        $this->cause = $details['cause'] ?? null;
    }

    /** @return array<string, mixed> everything that is known, named as in the reference of errors, e.g. for a log */
    public function details(): array
    {
        return ['code' => $this->errorCode] + $this->details;
    }

    /**
     * Every code that the library knows, and its class.
     *
     * @return array<string, class-string<self>>
     */
    public static function classes(): array
    {
        $names = array_keys(Native::load()->codes());
        return array_combine($names, array_map(self::classOf(...), $names));
    }

    /**
     * @internal The exception that the library's details stand for.
     * @param array<string, mixed> $details
     */
    public static function of(array $details): self
    {
        return new (self::classOf($details['code']))($details);
    }

    /** Without the trace: what stands in it may hold the library's memory, which cannot be serialized. */
    public function __serialize(): array
    {
        return $this->details;
    }

    public function __unserialize(array $details): void
    {
        $this->__construct($details);
    }

    /** @return class-string<self> */
    private static function classOf(string $code): string
    {
        $class = __NAMESPACE__ . '\\Exception\\' . str_replace('_', '', ucwords($code, '_')) . 'Exception';
        return class_exists($class) ? $class : InternalException::class;
    }

    /** @param array<string, mixed> $error */
    private static function fieldError(array $error): FieldError
    {
        return new FieldError(
            $error['field'] ?? null,
            $error['message'] ?? '',
            $error['rejected_value'] ?? null,
            $error['object'] ?? null,
            $error['raw'] ?? null,
        );
    }
}
