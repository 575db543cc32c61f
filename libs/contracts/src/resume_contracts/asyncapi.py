"""The AsyncAPI 3.0 document of the whole system, built from the workflow table.

`python -m resume_contracts.asyncapi [--check FILE | --write FILE]`. Deterministic: the same table
gives the same bytes, so a check of the committed file is a comparison.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from resume_contracts import routing
from resume_contracts.facts import FOUND
from resume_contracts.messages import (
    Command,
    ExpireDue,
    JobAccepted,
    JobCancelled,
    JobExpired,
    JobRedriven,
    JobStopped,
    ProviderStateChanged,
    SessionRevoked,
    StageExpired,
    StageFailed,
    StageRetrying,
    StageStarted,
    StageSucceeded,
    UserErased,
)
from resume_contracts.workflows import STAGES, TABLE, Engine, Stage, queue_of

Json = dict[str, Any]

STAGE_EVENTS: tuple[type[BaseModel], ...] = (
    StageStarted,
    StageRetrying,
    StageSucceeded,
    StageFailed,
    StageExpired,
)
OTHER_EVENTS: tuple[type[BaseModel], ...] = (
    JobAccepted,
    JobRedriven,
    JobExpired,
    JobCancelled,
    ProviderStateChanged,
    ExpireDue,
)
NOTICES: tuple[type[BaseModel], ...] = (JobStopped, SessionRevoked, UserErased)

_SCHEMA_REF = "#/components/schemas/{model}"


def document() -> Json:
    """The document, as JSON."""
    messages: tuple[type[BaseModel], ...] = (Command, *STAGE_EVENTS, *OTHER_EVENTS, *NOTICES)
    found = tuple(found.type for found in FOUND.values())
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Resume tailoring",
            "version": routing.VERSION,
            "description": (
                "Commands walk a routing slip: each consumer does its stage and publishes what "
                "came of it together with the next command. Every message is persistent, "
                "mandatory and confirmed; its id is derived from what it is about, so the same "
                "fact has the same id however often it is sent."
            ),
        },
        "defaultContentType": "application/json",
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "messages": {model.__name__: _message(model) for model in messages},
            "schemas": _schemas((*messages, *found)),
        },
    }


def render() -> str:
    """The document as text: sorted, indented, ending in a newline."""
    return json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print, write or check the document; 1 when the checked file differs."""
    parser = argparse.ArgumentParser(prog="python -m resume_contracts.asyncapi")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", type=Path, metavar="FILE")
    choice.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    text = render()
    if options.write is not None:
        options.write.write_text(text, "utf-8")
    elif options.check is None:
        sys.stdout.write(text)
    elif not options.check.exists() or options.check.read_text("utf-8") != text:
        sys.stderr.write(
            f"{options.check} is out of date: "
            f"python -m resume_contracts.asyncapi --write {options.check}\n"
        )
        return 1
    return 0


def _channels() -> Json:
    channels = {_name(queue): _stage_channel(queue) for queue in routing.STAGE_QUEUES}
    for stage in STAGES.values():
        keys = [
            f"{stage.name}.{model.model_fields['kind'].default.removeprefix('stage.')}"
            for model in STAGE_EVENTS
        ]
        channels[_name(f"{stage.name}.events")] = _event_channel(
            f"What happens to {stage.name}.", keys, STAGE_EVENTS
        )
    channels["events"] = _event_channel(
        "What happens to a job as a whole, and to the providers.",
        [model.model_fields["kind"].default for model in OTHER_EVENTS],
        OTHER_EVENTS,
    )
    channels["control"] = {
        "address": routing.CONTROL,
        "description": (
            "Notices to every service (a durable queue each) and to every process (an exclusive "
            "queue each)."
        ),
        "messages": _messages(NOTICES),
        "bindings": {"amqp": _exchange(routing.CONTROL, "fanout")},
        "x-durable-queues": sorted(
            routing.control_queue(service)
            for service in {"gateway", *routing.STAGE_QUEUES.values()}
        ),
    }
    return channels


def _stage_channel(queue: str) -> Json:
    stages = [stage for stage in STAGES.values() if queue in _queues(stage)]
    return {
        "address": queue,
        "title": stages[0].message,
        "description": f"Commands for {', '.join(stage.name for stage in stages)}.",
        "messages": _messages((Command,)),
        "bindings": {
            "amqp": {
                "is": "queue",
                "queue": {"name": queue, "durable": True, "exclusive": False, "autoDelete": False},
                "bindingVersion": "0.3.0",
            }
        },
        "x-exchange": routing.WORK,
        "x-routing-key": queue,
        "x-service": routing.STAGE_QUEUES[queue],
        "x-dead-letters": {"exchange": routing.DEAD, "queue": routing.dead_queue(queue)},
        "x-retry-tiers": [
            {"exchange": routing.retry_exchange(tier), "ttlSeconds": tier}
            for tier in routing.RETRY_TIERS
        ],
        "x-stages": [_stage(stage) for stage in stages],
    }


def _stage(stage: Stage) -> Json:
    found = FOUND[stage.name]
    return {
        "name": stage.name,
        "provider": stage.provider,
        "optionalSeconds": stage.optional_s,
        "workflows": sorted(w.value for w, stages in TABLE.items() if stage in stages),
        "needs": _needs(stage),
        "finds": {"$ref": _ref(found.type)},
        "fills": None if found.field is None else f"facts.{found.field}",
    }


def _needs(stage: Stage) -> list[str]:
    """The facts that earlier stages of its workflows have found by then."""
    earlier = {
        FOUND[before.name].field
        for stages in TABLE.values()
        if stage in stages
        for before in stages[: stages.index(stage)]
    }
    return sorted(f"facts.{field}" for field in earlier if field is not None)


def _event_channel(
    description: str, keys: Iterable[str], models: Iterable[type[BaseModel]]
) -> Json:
    return {
        "address": routing.EVENTS,
        "description": description,
        "messages": _messages(models),
        "bindings": {"amqp": _exchange(routing.EVENTS, "topic")},
        "x-routing-keys": [f"{key}.{routing.VERSION}" for key in keys],
        "x-queue": routing.PROJECTOR_QUEUE,
        "x-dead-letters": {
            "exchange": routing.DEAD,
            "queue": routing.dead_queue(routing.PROJECTOR_QUEUE),
        },
    }


def _operations() -> Json:
    operations: Json = {}
    for stage in STAGES.values():
        name = stage.name.replace(".", "_")
        operations[f"do_{name}"] = {
            "action": "receive",
            "summary": stage.message,
            "channel": {"$ref": f"#/channels/{_name(routing.work_key(stage.queue))}"},
        }
        operations[f"tell_{name}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{_name(f'{stage.name}.events')}"},
        }
    operations["project"] = {"action": "receive", "channel": {"$ref": "#/channels/events"}}
    operations["obey"] = {"action": "receive", "channel": {"$ref": "#/channels/control"}}
    return operations


def _queues(stage: Stage) -> set[str]:
    return {routing.work_key(queue_of(stage.name, engine)) for engine in Engine}


def _exchange(name: str, kind: str) -> Json:
    exchange = {"name": name, "type": kind, "durable": True, "autoDelete": False}
    return {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}


def _messages(models: Iterable[type[BaseModel]]) -> Json:
    return {model.__name__: {"$ref": f"#/components/messages/{model.__name__}"} for model in models}


def _message(model: type[BaseModel]) -> Json:
    return {
        "name": model.__name__,
        "summary": (model.__doc__ or "").strip().partition("\n")[0],
        "contentType": "application/json",
        "correlationId": {"location": "$message.header#/correlation_id"},
        "payload": {"$ref": _ref(model)},
    }


def _schemas(models: Iterable[type[BaseModel]]) -> Mapping[str, Any]:
    _, definitions = models_json_schema(
        [(model, "serialization") for model in models], ref_template=_SCHEMA_REF
    )
    schemas: Mapping[str, Any] = definitions["$defs"]
    return schemas


def _ref(model: type[BaseModel]) -> str:
    return _SCHEMA_REF.format(model=model.__name__)


def _name(address: str) -> str:
    return address.replace(".", "_")


if __name__ == "__main__":
    sys.exit(main())
