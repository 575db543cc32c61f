"""What a broker user may do is what its service does, and nothing beside it."""

import json
import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from resume_contracts import routing
from resume_contracts.workflows import STAGES
from resume_messaging.definitions import (
    OPERATOR,
    main,
    password_hash,
    render,
    render_development,
    users,
    variable,
)
from resume_messaging.shells.access import access_table
from resume_messaging.shells.topology import Topology

DEFINITIONS = json.loads(render_development())
PERMISSIONS = {entry["user"]: entry for entry in DEFINITIONS["permissions"]}
TOPICS = {entry["user"]: entry for entry in DEFINITIONS["topic_permissions"]}
CONSUMERS = sorted(set(routing.STAGE_QUEUES.values()))


def may(user: str, right: str, name: str) -> bool:
    return re.search(PERMISSIONS[user][right], name) is not None


def may_tell(user: str, key: str) -> bool:
    return re.search(TOPICS[user]["write"], key) is not None


def test_password_is_stored_as_rabbitmq_stores_it() -> None:
    """The example of RabbitMQ's own documentation."""
    expected = "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
    assert password_hash("test12", bytes.fromhex("908DC60A")) == expected


def test_everything_declared_is_defined_once() -> None:
    topology = Topology()
    assert {q["name"] for q in DEFINITIONS["queues"]} == {q.name for q in topology.queues()}
    assert {e["name"] for e in DEFINITIONS["exchanges"]} == set(topology.exchanges())
    assert len(DEFINITIONS["bindings"]) == len(DEFINITIONS["queues"])


@pytest.mark.parametrize("service", access_table())
def test_nobody_makes_or_deletes_what_all_share(service: str) -> None:
    names = [q["name"] for q in DEFINITIONS["queues"]]
    names += [e["name"] for e in DEFINITIONS["exchanges"]]
    assert not [name for name in names if may(service, "configure", name)]
    assert not may(service, "write", "amq.default"), "that reaches every queue by its name"


@pytest.mark.parametrize("service", CONSUMERS)
def test_consumer_reads_its_own_queues_only(service: str) -> None:
    readable = {q["name"] for q in DEFINITIONS["queues"] if may(service, "read", q["name"])}
    own = {queue for queue, owner in routing.STAGE_QUEUES.items() if owner == service}
    assert readable == {*own, routing.control_queue(service)}


@pytest.mark.parametrize("service", CONSUMERS)
def test_consumer_tells_of_its_own_stages_only(service: str) -> None:
    told = {name for name in STAGES if may_tell(service, f"{name}.succeeded.v1")}
    assert told == {name for name, stage in STAGES.items() if stage.service == service}
    assert may_tell(service, "provider.state_changed.v1")
    assert not may_tell(service, "job.cancelled.v1")


def test_only_those_whose_jobs_go_on_send_commands() -> None:
    """The last stage of every workflow has nobody to command."""
    senders = {service for service in access_table() if may(service, "write", routing.WORK)}
    assert senders == {"gateway", "extract", "research"}


@pytest.mark.parametrize("service", ["gateway", *CONSUMERS])
def test_a_process_makes_its_own_control_queue_and_no_others(service: str) -> None:
    for right in ("configure", "write", "read"):
        for other in ("gateway", *CONSUMERS):
            queue = routing.process_queue(other, f"{other}-x@a.host.example:7001", "0a1b2c3d")
            assert may(service, right, queue) is (service == other)


def test_operator_looks_and_does_not_touch() -> None:
    assert {PERMISSIONS[OPERATOR][right] for right in ("configure", "write", "read")} == {"^$"}
    tags = {user["name"]: user["tags"] for user in DEFINITIONS["users"]}
    assert tags == {**{service: [] for service in access_table()}, OPERATOR: ["monitoring"]}


def test_passwords_of_ones_own_are_salted_anew() -> None:
    """Two users with one password do not look alike."""
    numbers = count(1)
    text = render(dict.fromkeys(users(), "the same"), lambda n: next(numbers).to_bytes(n))
    hashes = {user["password_hash"] for user in json.loads(text)["users"]}
    assert len(hashes) == len(users())
    assert password_hash("the same", (1).to_bytes(4)) in hashes


def test_command_writes_with_the_environments_passwords(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "definitions.json"
    for user in users():
        monkeypatch.setenv(variable(user), f"{user}'s secret")
    assert main(["--write", str(file), "--passwords-from-environment"]) == 0
    written: dict[str, Any] = json.loads(file.read_text())
    ours = {user["name"]: user["password_hash"] for user in written["users"]}
    theirs = {user["name"]: user["password_hash"] for user in DEFINITIONS["users"]}
    assert all(ours[user] != theirs[user] for user in users())
    assert written | {"users": []} == DEFINITIONS | {"users": []}
    assert main(["--check", str(file)]) == 1, "that is not the committed one"

    file.unlink()
    monkeypatch.delenv(variable("tailor"))
    assert main(["--write", str(file), "--passwords-from-environment"]) == 78
    assert "RABBITMQ_PASSWORD_TAILOR" in capsys.readouterr().err
    assert not file.exists()


def test_check_tells_how_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "definitions.json"
    assert main(["--check", str(file)]) == 1
    assert f"--write {file}" in capsys.readouterr().err
    assert main(["--write", str(file)]) == 0
    assert main(["--check", str(file)]) == 0
