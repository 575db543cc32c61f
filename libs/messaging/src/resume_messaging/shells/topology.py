"""Every exchange, queue and binding of the system, in one place.

By arguments under versioned names: no policy, plugin or admin right is needed, and it is the same
on RabbitMQ 3.10 and 4.x. Queues that dead-letter do it at least once, with `reject-publish` (the
only overflow that keeps that promise). Targets are declared and bound before their sources, so
that nothing can be dead-lettered into the void.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aio_pika
from aio_pika.abc import AbstractChannel

from resume_contracts import routing
from resume_runtime.process import StartupError

#: Last net under a delivery that crashes its worker again and again; our own count acts at three.
DELIVERY_LIMIT = 20
#: A dead letter is never given up, however often a drain that dies hands it back: RabbitMQ 4 would
#: drop it at the 21st time by default, and 3.10 knows no word for "never".
DEAD_DELIVERY_LIMIT = 1_000_000_000

Arguments = dict[str, Any]


def _quorum() -> Arguments:
    return {"x-queue-type": "quorum"}


def _dead_lettering(exchange: str, routing_key: str | None = None) -> Arguments:
    arguments: Arguments = {
        **_quorum(),
        "x-dead-letter-exchange": exchange,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    if routing_key is not None:
        arguments["x-dead-letter-routing-key"] = routing_key
    return arguments


def _dead_arguments() -> Arguments:
    return {**_quorum(), "x-delivery-limit": DEAD_DELIVERY_LIMIT}


def source_arguments(queue: str) -> Arguments:
    """The arguments of a consumed queue: quorum, dead letters of its own, a delivery limit."""
    return {
        **_dead_lettering(routing.DEAD, routing.dead_queue(queue)),
        "x-delivery-limit": DELIVERY_LIMIT,
    }


def _default_tiers() -> Mapping[int, int]:
    return {tier: tier * 1000 for tier in routing.RETRY_TIERS}


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue, with the exchange and key it is bound by."""

    name: str
    exchange: str
    key: str
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Topology:
    """What there is.

    Attributes:
        tier_ttl_ms: milliseconds a message stays in each retry tier, by the tier's name.
        services: services that get a durable control queue.
    """

    tier_ttl_ms: Mapping[int, int] = field(default_factory=_default_tiers)
    services: tuple[str, ...] = ("gateway", *sorted(set(routing.STAGE_QUEUES.values())))

    def source_queues(self) -> dict[str, tuple[str, str]]:
        """Every consumed queue, with the exchange and key it is bound by."""
        return {
            **{name: (routing.WORK, name) for name in routing.STAGE_QUEUES},
            routing.PROJECTOR_QUEUE: (routing.EVENTS, "#"),
            **{routing.control_queue(service): (routing.CONTROL, "") for service in self.services},
        }

    def exchanges(self) -> dict[str, aio_pika.ExchangeType]:
        """Every exchange, with its type."""
        kinds = aio_pika.ExchangeType
        return {
            routing.DEAD: kinds.DIRECT,
            routing.WORK: kinds.DIRECT,
            routing.EVENTS: kinds.TOPIC,
            routing.CONTROL: kinds.FANOUT,
            **{routing.retry_exchange(tier): kinds.FANOUT for tier in self.tier_ttl_ms},
        }

    def queues(self) -> list[Queue]:
        """Every queue, targets of dead letters before their sources."""
        sources = self.source_queues()
        dead = [routing.dead_queue(name) for name in sources]
        tiers = {routing.retry_exchange(tier): ttl for tier, ttl in self.tier_ttl_ms.items()}
        return [
            *(Queue(name, routing.DEAD, name, _dead_arguments()) for name in dead),
            *(Queue(name, *bound, source_arguments(name)) for name, bound in sources.items()),
            *(
                Queue(name, name, "", {**_dead_lettering(routing.WORK), "x-message-ttl": ttl_ms})
                for name, ttl_ms in tiers.items()
            ),
        ]

    async def declare(self, channel: AbstractChannel) -> None:
        """Declare all of it, idempotently, targets first."""
        for name, kind in self.exchanges().items():
            await channel.declare_exchange(name, kind, durable=True)
        for queue in self.queues():
            declared = await channel.declare_queue(
                queue.name, durable=True, arguments=queue.arguments
            )
            await declared.bind(queue.exchange, routing_key=queue.key)


async def declare(amqp_url: str, topology: Topology | None = None) -> None:
    """Declare the topology over a connection of its own.

    Raises:
        StartupError: something of the same name exists with other arguments, or the broker is not
            there; the process must not start.
    """
    try:
        connection = await aio_pika.connect(
            amqp_url, timeout=10, client_properties=named("topology")
        )
        async with connection, connection.channel() as channel:
            await (topology or Topology()).declare(channel)
    except aio_pika.exceptions.ChannelPreconditionFailed as error:
        raise StartupError(
            f"AMQP_URL: a queue or exchange exists with other arguments: {error}"
        ) from error
    except (aio_pika.exceptions.AMQPError, OSError, TimeoutError) as error:
        raise StartupError(
            f"AMQP_URL: cannot declare the topology: {type(error).__name__}"
        ) from error


def named(name: str) -> Any:
    """Client properties that give a connection its name in the management UI."""
    return {"connection_name": name}


def named_url(amqp_url: str, name: str) -> str:
    """The same for FastStream, which loses client properties on their way to the broker."""
    return f"{amqp_url}{'&' if '?' in amqp_url else '?'}name={quote(name)}"


def consumer_arguments(name: str) -> Any:
    """Arguments that show in the management UI, beside each consumer of a queue, whose it is."""
    return {"connection": name}
