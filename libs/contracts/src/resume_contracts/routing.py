"""Exchanges, queues and routing keys: written constants, versioned, never a class's name."""

from resume_contracts.messages import (
    Command,
    Event,
    EventKind,
    ExpireDue,
    Notice,
    ProviderStateChanged,
)
from resume_contracts.workflows import QUEUES

VERSION = "v1"

WORK = f"work.{VERSION}"
EVENTS = f"events.{VERSION}"
CONTROL = f"control.{VERSION}"
DEAD = f"dead.{VERSION}"

#: Seconds a delivery waits in each retry tier; one queue with one TTL each.
RETRY_TIERS: tuple[int, ...] = (5, 30)

#: The projector's queue.
PROJECTOR_QUEUE = f"gateway.events.{VERSION}"


def work_key(queue: str) -> str:
    """The routing key (and the name) of a stage queue, e.g. `tailor.resume.v1`."""
    return f"{queue}.{VERSION}"


def dead_queue(queue_name: str) -> str:
    """The dead-letter queue of a queue."""
    return f"{queue_name}.dead"


def retry_exchange(tier_s: int) -> str:
    """The exchange in front of a retry tier; the message keeps its routing key through it."""
    return f"retry.{tier_s}s.{VERSION}"


def control_queue(service: str) -> str:
    """The durable queue through which a service learns what was stopped, revoked or erased."""
    return f"{service}.control.{VERSION}"


def process_queue(service: str, process: str, unique: str) -> str:
    """The exclusive queue through which one process learns the same, as long as it lives.

    Args:
        service: as in its durable control queue.
        process: the process's name, `<name>@<host>:<port>`.
        unique: tells a process from the one that had its name before.
    """
    return f"{control_queue(service)}.{process}.{unique}"


def command_key(command: Command) -> str:
    """The routing key of a command."""
    return work_key(command.queue)


def event_key(event: Event) -> str:
    """The routing key of an event: `<context>.<fact>.v1`."""
    if isinstance(event, ProviderStateChanged | ExpireDue):
        return f"{event.kind}.{VERSION}"
    kind: EventKind = event.kind
    if event.stage:
        return f"{event.stage}.{kind.value.removeprefix('stage.')}.{VERSION}"
    return f"{kind.value}.{VERSION}"


def notice_key(notice: Notice) -> str:
    """The routing key of a control notice."""
    return f"{notice.kind}.{VERSION}"


#: Every stage queue by name, with the service that consumes it.
STAGE_QUEUES: dict[str, str] = {work_key(q): service for q, service in QUEUES.items()}
