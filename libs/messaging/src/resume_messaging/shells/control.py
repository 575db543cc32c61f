"""Control notices: what was stopped or erased, kept for the service and told to each process."""

from collections.abc import Awaitable, Callable

import aio_pika
import structlog
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
from pydantic import ValidationError

from resume_contracts import routing
from resume_contracts.messages import Notice, notice_adapter
from resume_messaging.core.ports import StoreUnavailableError
from resume_messaging.shells.consumers import is_consuming
from resume_messaging.shells.topology import consumer_arguments, named
from resume_runtime.clock import Sleep

log = structlog.get_logger()

OnNotice = Callable[[Notice], Awaitable[None]]


class ControlListener:
    """Two queues: the service's durable one (shared), and one of this process alone.

    Args:
        own_queue: name of the process's queue, `routing.process_queue`.
        keep: stores a notice for the whole service; the message is acked when it returned, and
            held while it raises `StoreUnavailableError`.
        tell: acts on a notice in this process; must be quick and idempotent.
        resync: called after every (re)connect, since the process's own queue starts empty.
    """

    def __init__(
        self,
        amqp_url: str,
        *,
        service: str,
        name: str,
        own_queue: str,
        keep: OnNotice,
        tell: OnNotice,
        sleep: Sleep,
        resync: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._url = amqp_url
        self._service = service
        self._name = name
        self._own_queue = own_queue
        self._keep = keep
        self._tell = tell
        self._sleep = sleep
        self._resync = resync
        self._connection: aio_pika.abc.AbstractRobustConnection | None = None
        self._consumers: dict[str, AbstractQueue] = {}

    @property
    def is_listening(self) -> bool:
        """Whether notices would arrive now: both consumers are alive on an open channel."""
        consumers = self._consumers.items()
        return bool(consumers) and all(is_consuming(queue, tag) for tag, queue in consumers)

    async def start(self) -> None:
        """Connect and listen; survives reconnects."""
        connection = await aio_pika.connect_robust(
            self._url, client_properties=named(self._name), reconnect_interval=1
        )
        self._connection = connection
        channel = await connection.channel(publisher_confirms=False)
        await channel.set_qos(prefetch_count=50)
        arguments = consumer_arguments(self._name)
        own = await channel.declare_queue(self._own_queue, exclusive=True, auto_delete=True)
        await own.bind(routing.CONTROL)
        own_tag = await own.consume(self._on_own, no_ack=True, arguments=arguments)
        shared = await channel.get_queue(routing.control_queue(self._service))
        shared_tag = await shared.consume(self._on_shared, arguments=arguments)
        # The connection knows its channels only weakly: one that nobody holds is not there to be
        # restored after an outage.
        self._consumers = {own_tag: own, shared_tag: shared}
        if self._resync is not None:
            connection.reconnect_callbacks.add(self._reconnected)
            await self._resync()

    async def stop(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()

    async def _reconnected(self, *_: object) -> None:
        if self._resync is not None:
            await self._resync()

    async def _on_own(self, message: AbstractIncomingMessage) -> None:
        notice = _decode(message)
        if notice is not None:
            await self._tell(notice)

    async def _on_shared(self, message: AbstractIncomingMessage) -> None:
        notice = _decode(message)
        if notice is None:
            await message.reject(requeue=False)
            return
        # Held, not requeued, while the store is down: a requeue would spin into the delivery limit.
        while not message.channel.is_closed:
            try:
                await self._keep(notice)
            except StoreUnavailableError as error:
                log.warning("control.held", kind=notice.kind, error=type(error).__name__)
                await self._sleep(1.0)
            else:
                await message.ack()
                return


def _decode(message: AbstractIncomingMessage) -> Notice | None:
    try:
        return notice_adapter.validate_json(message.body)
    except ValidationError as error:
        log.error("control.undecodable", size=len(message.body), errors=error.error_count())
        return None
