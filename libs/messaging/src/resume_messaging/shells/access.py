"""What each service does on the broker, in one table.

Both follow from it: the limits of the service's broker user (`resume_messaging.definitions`), and
what its processes look for at their start when the topology is not theirs to declare.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection

from resume_contracts import routing
from resume_contracts.workflows import STAGES, TABLE
from resume_messaging.shells.topology import Topology, declare, named
from resume_runtime.process import StartupError
from resume_runtime.settings import AmqpTopology


@dataclass(frozen=True, slots=True)
class Access:
    """What one service does on the broker.

    Attributes:
        service: its name, and its broker user's.
        reads: the queues it consumes.
        writes: the exchanges it publishes to.
        events: what the routing keys of its events begin with.
    """

    service: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether its processes hear control notices, each by a queue of its own."""
        return routing.control_queue(self.service) in self.reads


def access_table() -> dict[str, Access]:
    """What every service does, by its name."""
    gateway = Access(
        "gateway",
        reads=(
            routing.PROJECTOR_QUEUE,
            routing.control_queue("gateway"),
            *map(routing.dead_queue, Topology().source_queues()),
        ),
        writes=(routing.WORK, routing.EVENTS, routing.CONTROL),
        events=("job",),
    )
    auth = Access("auth", writes=(routing.CONTROL,))
    consumers = (_consumer(service) for service in sorted(set(routing.STAGE_QUEUES.values())))
    return {access.service: access for access in (gateway, auth, *consumers)}


async def prepare(amqp_url: str, service: str, how: AmqpTopology) -> None:
    """Declare the topology, or look whether what the service uses is there.

    Raises:
        StartupError: the process must not start.
    """
    if how == "declare":
        await declare(amqp_url)
    else:
        await check(amqp_url, access_table()[service])


async def check(amqp_url: str, access: Access) -> None:
    """Look for every queue and exchange of `access`; needs no right to declare anything.

    Their arguments cannot be seen this way: whoever declared them is trusted.

    Raises:
        StartupError: something is missing, named in one line, or the broker is not there.
    """
    try:
        connection = await aio_pika.connect(
            amqp_url, timeout=10, client_properties=named(f"{access.service} topology")
        )
        async with connection:
            missing = [
                name
                for name, look in _lookups(access).items()
                if not await _is_there(connection, look)
            ]
    except (aio_pika.exceptions.AMQPError, OSError, TimeoutError) as error:
        raise StartupError(
            f"AMQP_URL: cannot check the topology: {type(error).__name__}"
        ) from error
    if missing:
        raise StartupError(f"AMQP_URL: missing on the broker: {', '.join(missing)}")


def _consumer(service: str) -> Access:
    stages = [stage for stage in STAGES.values() if stage.service == service]
    goes_on = any(stage in workflow[:-1] for workflow in TABLE.values() for stage in stages)
    return Access(
        service,
        reads=(
            *(queue for queue, owner in routing.STAGE_QUEUES.items() if owner == service),
            routing.control_queue(service),
        ),
        writes=(
            *((routing.WORK,) if goes_on else ()),
            routing.EVENTS,
            *map(routing.retry_exchange, routing.RETRY_TIERS),
        ),
        events=(*(stage.name for stage in stages), "provider"),
    )


Look = Callable[[AbstractChannel], Awaitable[Any]]


def _lookups(access: Access) -> dict[str, Look]:
    """How to look for each; a queue and an exchange of one name are bound to each other."""
    exchanges = (*access.writes, *((routing.CONTROL,) if access.is_told else ()))
    return {
        **{name: partial(_exchange, name) for name in exchanges},
        **{name: partial(_queue, name) for name in access.reads},
    }


async def _exchange(name: str, channel: AbstractChannel) -> None:
    await channel.get_exchange(name)


async def _queue(name: str, channel: AbstractChannel) -> None:
    await channel.get_queue(name)


async def _is_there(connection: AbstractConnection, look: Look) -> bool:
    # The broker closes the channel on which something was not found.
    channel = await connection.channel()
    try:
        await look(channel)
    except aio_pika.exceptions.ChannelNotFoundEntity:
        return False
    await channel.close()
    return True
