"""The stack in containers, as far as it can be told without an engine."""

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from resume_launcher.compose import engine
from resume_launcher.compose import stack as compose
from resume_launcher.compose.choose import choose
from resume_launcher.compose.project import Container
from resume_launcher.compose.variables import (
    broker_passwords,
    compose_ports,
    write_definitions,
    write_override,
    write_variables,
)
from resume_launcher.errors import LauncherError
from resume_launcher.folders import Folders
from resume_launcher.settings import StackSettings
from resume_messaging import definitions
from resume_outbound.policy import playbook_policies
from resume_outbound.settings import PolicySettings

#: An engine as the command line shows it: images it has, images a registry has, its versions.
DOCKER = """#!/bin/sh
case "$1 $2" in
  "version "*) {engine} ;;
  "compose version") echo {compose} ;;
  "image inspect") case " {here} " in *" $3 "*) exit 0 ;; *) exit 1 ;; esac ;;
  "manifest inspect") case " {there} " in *" $3 "*) exit 0 ;; *) {registry} ;; esac ;;
  *) exit 1 ;;
esac
"""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path, tmp_path / "state", tmp_path / "build" / "stack.json")


def install_docker(monkeypatch: pytest.MonkeyPatch, folder: Path, **told: str) -> None:
    """Put a `docker` on PATH."""
    usual = {
        "engine": "echo 20.10.24",
        "compose": "2.26.1-4",
        "here": " ".join(engine.IMAGES),
        "there": "",
        "registry": "exit 1",
    }
    script = folder / "docker"
    script.write_text(DOCKER.format(**usual | told))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({}, None),
        ({"compose": "v2.40.0"}, None),
        ({"here": "", "there": "rabbitmq:4-management"}, None),
        ({"engine": "exit 1"}, "the Docker engine does not answer"),
        ({"engine": "exec sleep 30"}, "the Docker engine does not answer"),
        ({"compose": "2.19.9"}, "Docker Compose 2.20 or newer is not installed"),
        ({"here": ""}, "rabbitmq:4-management is neither here nor to be had"),
        ({"here": "", "registry": "exec sleep 30"}, "neither here nor to be had"),
    ],
)
def test_engine_says_why_it_cannot_and_never_hangs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: dict[str, str], reason: str | None
) -> None:
    monkeypatch.setattr(engine, "PROBE_S", 0.5)
    install_docker(monkeypatch, tmp_path, **told)
    said = engine.why_not()
    assert (said is None) if reason is None else (reason in (said or ""))


def test_engine_that_is_not_installed_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engine.why_not() == "Docker is not installed"


def test_connected_tests_need_no_compose(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install_docker(monkeypatch, tmp_path, compose="", here=" ".join(engine.SERVERS))
    assert engine.why_not(engine.SERVERS, compose=False) is None


def test_demo_takes_what_is_asked_for_then_what_runs_then_what_can_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folders: Folders
) -> None:
    install_docker(monkeypatch, tmp_path)
    stack_file = folders.stack_file
    assert choose({"STACK": "native"}, stack_file)[0] == "native"
    assert choose({}, stack_file)[0] == "compose"
    stack_file.parent.mkdir()
    stack_file.write_text(json.dumps({"kind": "native"}))
    assert choose({}, stack_file)[0] == "native"
    stack_file.write_text("half of a fi")
    install_docker(monkeypatch, tmp_path, here="")
    kind, reason = choose({}, stack_file)
    assert kind == "native"
    assert "neither here nor to be had; private processes instead" in reason


def test_settings_refuse_a_stack_of_another_kind() -> None:
    with pytest.raises(LauncherError, match="STACK: native or compose, not 'podman'"):
        StackSettings.read({"STACK": "podman"})


def inspected(service: str, number: int = 1, **state: Any) -> dict[str, Any]:
    """What `docker inspect` says of a container, as far as it is read."""
    return {
        "Name": f"/x-{service}-{number}",
        "RestartCount": 2,
        "State": {"Pid": 7, "Status": "running", "ExitCode": 0, **state},
        "Config": {
            "Labels": {
                "com.docker.compose.service": service,
                "com.docker.compose.container-number": str(number),
            }
        },
        "NetworkSettings": {
            "Ports": {"9000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "32768"}], "8080/tcp": None}
        },
    }


def test_containers_are_called_as_their_native_processes() -> None:
    found = [
        Container.of(inspected(*one))
        for one in (("tailor-svc", 2), ("rabbitmq", 1), ("tailor-svc", 1), ("auth-migrate", 1))
    ]
    processes = compose._processes(found)
    assert [process.name for process in processes] == ["tailor", "tailor-2"]
    assert processes[0].health_url == "http://127.0.0.1:32768/health/ready"
    assert processes[0].metrics_url == "http://127.0.0.1:32768/metrics"
    assert (processes[0].pid, processes[0].restarts) == (7, 2)
    assert [server.name for server in compose._servers(found)] == ["rabbitmq"]


def test_container_that_is_over_has_an_exit_code() -> None:
    assert Container.of(inspected("x")).exit_code is None
    assert Container.of(inspected("x", Status="exited", Pid=0, ExitCode=3)).exit_code == 3


def test_brokers_users_are_let_in_by_their_random_passwords_alone(folders: Folders) -> None:
    write_definitions(folders)
    users = json.loads(folders.compose_definitions.read_text())["users"]
    own = broker_passwords(folders)
    assert {user["name"] for user in users} == own.keys()
    for user in users:
        salt = base64.b64decode(user["password_hash"])[:4]
        assert user["password_hash"] == definitions.password_hash(own[user["name"]], salt)


def test_variables_are_private_and_hold_random_secrets(folders: Folders, tmp_path: Path) -> None:
    settings = StackSettings.read({"GRACE_S": "50"})
    ports = compose_ports(folders)
    write_variables(folders, settings, ports)
    path = folders.compose_variables
    first = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = dict(line.split("=", 1) for line in first.splitlines())
    assert lines["STOP_GRACE_PERIOD"] == "60s"
    assert lines["FETCH_ALLOW"] == "sandbox:8080"
    secrets = [value for name, value in lines.items() if "PASSWORD" in name or "SECRET" in name]
    assert len(set(secrets)) == len(secrets) == 8
    write_variables(folders, settings, compose_ports(folders))
    assert path.read_text() == first
    other = Folders(tmp_path, tmp_path / "other", tmp_path / "other" / "stack.json")
    write_variables(other, settings, ports)
    assert other.compose_variables.read_text() != first


def test_path_with_marks_of_its_own_is_quoted(tmp_path: Path) -> None:
    """In a bare value ` #` begins a comment and a dollar sign a variable."""
    state = tmp_path / "a $b #1"
    folders = Folders(tmp_path, state, state / "stack.json")
    write_variables(folders, StackSettings.read({"REPLICAS": "3"}), compose_ports(folders))
    lines = dict(line.split("=", 1) for line in folders.compose_variables.read_text().splitlines())
    definitions_path = str(folders.compose_definitions).replace("$", "\\$")
    assert lines["RABBITMQ_DEFINITIONS"] == f'"{definitions_path}"'
    assert lines["REPLICAS"] == "3"


def test_override_tells_a_key_to_its_caller_alone_and_listens_on_loopback(
    folders: Folders,
) -> None:
    settings = StackSettings.read({"OPENAI_API_KEY": "sk-$x"})
    write_override(folders, settings, compose_ports(folders))
    path = folders.compose_override
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    services = json.loads(path.read_text())["services"]
    assert [name for name, one in services.items() if "sk-" in json.dumps(one)] == ["tailor-svc"]
    tailor = services["tailor-svc"]["environment"]
    assert (tailor["OPENAI_API_KEY"], tailor["TEST_MODE"]) == ("sk-$$x", "false")
    assert services["research-svc"]["environment"] == {"TEST_MODE": "true"}
    published = [port for one in services.values() for port in one.get("ports", ())]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_containers_are_told_what_an_operator_sets() -> None:
    """Compose passes on only what its file names."""
    told = (Path(__file__).parents[3] / "docker-compose.yml").read_text()
    limits = [
        f"{provider}_{field}".upper()
        for provider in playbook_policies()
        for field in PolicySettings.model_fields
    ]
    caches = [
        "AI_CACHE_TTL_S",
        *(f"{what}_{how}_DAYS" for what in ("RESEARCH", "SALARY") for how in ("FRESH", "STALE")),
    ]
    assert [name for name in (*limits, *caches) if f"      {name}:\n" not in told] == []
    assert told.count("      VALKEY_URL: ${VALKEY_URL:-}\n") == 3
    assert "--maxmemory-policy, noeviction" in told
