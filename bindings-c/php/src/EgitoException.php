<?php

declare(strict_types=1);

namespace Egito;

/**
 * A failure with everything that is known about it. Each code has a class of its own in Egito\Exception.
 *
 * The message is one sentence for people: what happened, and what to do. Decide by class, never by text.
 */
abstract class EgitoException extends \RuntimeException
{
    /** @var string the stable word of the class */
    public const CODE = '';

    /** The same word, of this exception. */
    public readonly string $errorCode;

    /** Whether repeating the same call is harmless and may help. */
    public readonly bool $retryable;

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

    /** The operating system's number of the error below this failure, such as 111 for a refused connection on Linux. */
    public readonly ?int $osError;

    /** @param array<string, mixed> $details named as in the reference of errors; all may be left out */
    final public function __construct(private readonly array $details = [], ?\Throwable $previous = null)
    {
        $known = new Details($details);
        parent::__construct($known->text('message') ?? '', 0, $previous);
        $this->errorCode = static::CODE;
        $this->retryable = $known->truth('retryable');
        $this->outcome = Outcome::tryFrom($known->text('outcome') ?? '');
        $this->status = $known->number('status');
        $this->entity = $known->text('entity');
        $this->action = $known->text('action');
        $this->id = $known->id();
        $this->attempts = $known->number('attempts') ?? 0;
        $this->elapsed = $known->seconds('elapsed');
        $this->category = $known->text('category');
        $this->setting = $known->text('setting');
        $this->errors = $known->errors();
        $this->retryAfter = $known->seconds('retry_after');
        $this->oauthError = $known->text('oauth_error');
        $this->oauthDescription = $known->text('oauth_description');
        $this->contentType = $known->text('content_type');
        $this->bodyStart = $known->text('body_start');
        $this->record = $known->record();
        $this->limit = $known->text('limit');
        $this->seen = $known->text('seen');
        $this->cause = $known->text('cause');
        $this->osError = $known->number('os_error');
    }

    /** @return array<string, mixed> everything that is known, named as in the reference of errors, e.g. for a log */
    public function details(): array
    {
        return ['code' => $this->errorCode] + $this->details;
    }

    /**
     * Without the trace: what stands in it may hold the library's memory, which cannot be serialized.
     *
     * @return array<string, mixed>
     */
    public function __serialize(): array
    {
        return $this->details;
    }

    /** @param array<string, mixed> $details */
    public function __unserialize(array $details): void
    {
        $this->__construct($details);
    }
}
