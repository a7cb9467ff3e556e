<?php

declare(strict_types=1);

namespace Egito;

/** The result of Outbox::deliver(). */
final class Delivery
{
    /**
     * @param int $delivered number of entries that this call has delivered
     * @param int $refused number of entries that the server refused in this call
     * @param int $unclear number of entries of the outbox whose outcome is unclear
     * @param int $waiting number of entries of the outbox that are still waiting
     * @param ?\DateTimeImmutable $nextAttemptAt when the next entry may be sent; null if none can be sent by itself
     * @param ?EgitoException $pausedBy why the outbox is paused: the server is down, or refuses the login
     */
    public function __construct(
        public readonly int $delivered,
        public readonly int $refused,
        public readonly int $unclear,
        public readonly int $waiting,
        public readonly ?\DateTimeImmutable $nextAttemptAt = null,
        public readonly ?EgitoException $pausedBy = null,
    ) {
    }

    /** @internal Reads the result of the library. */
    public static function fromJson(Connection $connection, string $json): self
    {
        /** @var array{delivered: int, refused: int, unclear: int, waiting: int, next_attempt_at: ?string, paused_by: mixed} $of */
        $of = Json::decode($json, exact: true);
        return new self(
            $of['delivered'],
            $of['refused'],
            $of['unclear'],
            $of['waiting'],
            $of['next_attempt_at'] === null ? null : new \DateTimeImmutable($of['next_attempt_at']),
            $of['paused_by'] === null ? null : $connection->exception(Json::encode($of['paused_by'])),
        );
    }
}
