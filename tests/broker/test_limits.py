"""What each broker user is refused."""

import base64
from collections.abc import Awaitable, Callable

import aio_pika
import httpx2
import pytest
from aio_pika.abc import AbstractChannel

from resume_contracts import routing
from resume_messaging.definitions import OPERATOR, VHOST, development_password
from resume_messaging.shells.access import access_table

from .conftest import Broker, connected

pytestmark = [pytest.mark.connected, pytest.mark.timeout(150)]

Attempt = Callable[[AbstractChannel], Awaitable[object]]

EXTRACT, RESUMES, RULES = "extract.posting.v1", "tailor.resume.v1", "tailor.rules.v1"


def publishing(exchange: str, key: str) -> Attempt:
    async def publish(channel: AbstractChannel) -> None:
        target = await channel.get_exchange(exchange, ensure=False)
        await target.publish(aio_pika.Message(b"{}"), key)

    return publish


def consuming(queue: str) -> Attempt:
    async def consume(channel: AbstractChannel) -> None:
        async def ignore(_: object) -> None: ...

        await (await channel.get_queue(queue, ensure=False)).consume(ignore)

    return consume


def deleting(queue: str) -> Attempt:
    return lambda channel: channel.queue_delete(queue)


def declaring(queue: str) -> Attempt:
    return lambda channel: channel.declare_queue(queue, durable=True)


def binding(queue: str, exchange: str) -> Attempt:
    async def bind(channel: AbstractChannel) -> None:
        await (await channel.get_queue(queue, ensure=False)).bind(exchange, routing_key="#")

    return bind


REFUSED: dict[str, tuple[str, Attempt]] = {
    "tailor sends a command": ("tailor", publishing(routing.WORK, EXTRACT)),
    "tailor publishes into a queue by its name": ("tailor", publishing("", EXTRACT)),
    "tailor tells of another's stage": (
        "tailor",
        publishing(routing.EVENTS, "extract.posting.succeeded.v1"),
    ),
    "tailor tells of a job's end": ("tailor", publishing(routing.EVENTS, "job.cancelled.v1")),
    "tailor stops a job": ("tailor", publishing(routing.CONTROL, "job.stopped.v1")),
    "tailor reads the events": ("tailor", consuming(routing.PROJECTOR_QUEUE)),
    "tailor reads another's commands": ("tailor", consuming(EXTRACT)),
    "tailor reads dead letters": ("tailor", consuming(routing.dead_queue(RESUMES))),
    "tailor declares a queue": ("tailor", declaring("tailor.other.v1")),
    "tailor deletes its queue": ("tailor", deleting(RESUMES)),
    "tailor listens to all events": ("tailor", binding(RULES, routing.EVENTS)),
    "tailor takes another's notices": (
        "tailor",
        declaring(routing.process_queue("extract", "extract@host:1", "0a1b2c3d")),
    ),
    "research reads commands to tailor": ("research", consuming(RESUMES)),
    "extract reads notices to tailor": ("extract", consuming(routing.control_queue("tailor"))),
    "gateway takes a stage's commands": ("gateway", consuming(RESUMES)),
    "gateway tells of a stage": (
        "gateway",
        publishing(routing.EVENTS, "tailor.resume.succeeded.v1"),
    ),
    "auth sends a command": ("auth", publishing(routing.WORK, EXTRACT)),
    "auth reads the events": ("auth", consuming(routing.PROJECTOR_QUEUE)),
    "operator reads a dead letter": (OPERATOR, consuming(routing.dead_queue(RESUMES))),
    "operator publishes": (OPERATOR, publishing(routing.WORK, RESUMES)),
    "operator deletes a queue": (OPERATOR, deleting(RESUMES)),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_refused(broker: Broker, what: str) -> None:
    user, attempt = REFUSED[what]
    async with connected(broker, user) as channel:
        with pytest.raises(aio_pika.exceptions.ChannelClosed, match="ACCESS_REFUSED"):
            await attempt(channel)


@pytest.mark.parametrize("user", ["guest", "resume"])
async def test_nobody_else_gets_in(broker: Broker, user: str) -> None:
    """The users that a broker has by default are not there."""
    with pytest.raises(aio_pika.exceptions.AMQPConnectionError):
        await aio_pika.connect(broker.url(user).replace(development_password(user), user))


async def test_only_the_operator_has_the_management_ui(broker: Broker) -> None:
    for user in (*access_table(), OPERATOR):
        async with management(broker, user) as client:
            expected = 200 if user == OPERATOR else 401
            assert (await client.get("/api/overview")).status_code == expected, user


async def test_operator_sees_all_and_changes_nothing(broker: Broker) -> None:
    """Queues, and the connections of others by their names; no message, no purge, no closing."""
    queue = f"/api/queues/{VHOST}/{RESUMES}"
    async with connected(broker, "tailor"), management(broker, OPERATOR) as client:
        assert (await client.get(queue)).status_code == 200
        assert (await client.get("/api/nodes")).status_code == 200
        peek = {"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"}
        assert (await client.post(f"{queue}/get", json=peek)).status_code >= 400
        assert (await client.delete(f"{queue}/contents")).status_code >= 400
        assert (await client.delete(queue)).status_code >= 400
        assert (await client.get("/api/definitions")).status_code == 401
        assert (await client.get("/api/users")).status_code == 401


def management(broker: Broker, user: str) -> httpx2.AsyncClient:
    login = base64.b64encode(f"{user}:{development_password(user)}".encode()).decode()
    return httpx2.AsyncClient(
        base_url=broker.management_url, headers={"Authorization": f"Basic {login}"}
    )
