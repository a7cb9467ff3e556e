<?php

declare(strict_types=1);

namespace Egito;

/**
 * Base class of all errors, with everything that is known about the failure. Each code has its own class in
 * Egito\Exception.
 *
 * The message is one sentence for people: what happened and what to do. Programs decide by class, not by message.
 */
abstract class EgitoException extends \RuntimeException
{
    /** @var string error code of the class */
    public const CODE = '';

    /** Error code, such as `not_found`. It never changes. */
    public readonly string $errorCode;

    /** Whether it is safe to retry the same call, and it may succeed. */
    public readonly bool $retryable;

    /** Whether the server has done the write; null for a read. */
    public readonly ?Outcome $outcome;

    /** HTTP status of the last response. */
    public readonly ?int $status;

    /** Entity, such as `Account`. */
    public readonly ?string $entity;

    /** Action, such as `create`; `login` for a token request. */
    public readonly ?string $action;

    /** Id of the record of the call. */
    public readonly int|string|null $id;

    /** Number of requests of the call, without those of the login. */
    public readonly int $attempts;

    /** Seconds since the start of the call. */
    public readonly ?float $elapsed;

    /** Missing right: CREATE, READ, UPDATE or DELETE. */
    public readonly ?string $category;

    /** Invalid setting or argument. */
    public readonly ?string $setting;

    /** @var list<FieldError> field errors of the server */
    public readonly array $errors;

    /** Seconds to wait before a retry, as the server asked. */
    public readonly ?float $retryAfter;

    /** OAuth error code, such as `invalid_grant`. */
    public readonly ?string $oauthError;

    /** Description of the OAuth error by the server. */
    public readonly ?string $oauthDescription;

    /** Content type of the response. */
    public readonly ?string $contentType;

    /** First 200 characters of the response. */
    public readonly ?string $bodyStart;

    /** @var ?array<string, mixed> record that was sent; it is unknown whether it was saved */
    public readonly ?array $record;

    /** Time limit that was reached: `timeout`, `connect_timeout` or `read_timeout`. */
    public readonly ?string $limit;

    /** Why the list cannot be read completely. */
    public readonly ?string $reason;

    /** Underlying error. */
    public readonly ?string $cause;

    /** Error number of the operating system, such as 111 for a refused connection on Linux. */
    public readonly ?int $osError;

    /** @param array<string, mixed> $details named as in docs/reference/errors.md; all are optional */
    final public function __construct(private readonly array $details = [], ?\Throwable $previous = null)
    {
        $known = new Details($details);
        parent::__construct($known->string('message') ?? '', 0, $previous);
        $this->errorCode = static::CODE;
        $this->retryable = $known->bool('retryable');
        $this->outcome = Outcome::tryFrom($known->string('outcome') ?? '');
        $this->status = $known->int('status');
        $this->entity = $known->string('entity');
        $this->action = $known->string('action');
        $this->id = $known->id();
        $this->attempts = $known->int('attempts') ?? 0;
        $this->elapsed = $known->seconds('elapsed');
        $this->category = $known->string('category');
        $this->setting = $known->string('setting');
        $this->errors = $known->errors();
        $this->retryAfter = $known->seconds('retry_after');
        $this->oauthError = $known->string('oauth_error');
        $this->oauthDescription = $known->string('oauth_description');
        $this->contentType = $known->string('content_type');
        $this->bodyStart = $known->string('body_start');
        $this->record = $known->record();
        $this->limit = $known->string('limit');
        $this->reason = $known->string('reason');
        $this->cause = $known->string('cause');
        $this->osError = $known->int('os_error');
    }

    /** @return array<string, mixed> all details, named as in docs/reference/errors.md, for example for a log */
    public function details(): array
    {
        return ['code' => $this->errorCode] + $this->details;
    }

    /**
     * Leaves the trace out: it may contain memory of the library, which cannot be serialized.
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
