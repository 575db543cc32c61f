"""Bringing the stack up in containers, taking it down, and describing it as the native one is."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import httpx2

from resume_launcher.compose.engine import why_not
from resume_launcher.compose.project import LOOPBACK, Container, Project, failure
from resume_launcher.compose.variables import (
    CALLERS,
    OPS,
    broker_passwords,
    compose_ports,
    password,
    write_definitions,
    write_override,
    write_variables,
)
from resume_launcher.errors import LauncherError, StartError
from resume_launcher.folders import PRODUCT, Folders
from resume_launcher.settings import StackSettings
from resume_launcher.stack import RunningProcess, RunningServer, Stack
from resume_launcher.supervisor.table import ROWS
from resume_launcher.terminal import Say
from resume_launcher.versions import fingerprint
from resume_messaging import definitions

READY_TIMEOUT_S = 180.0
POLL_S = 0.3
PROBE_S = 5.0
SERVERS = ("rabbitmq", "postgres")
#: Whom tools and tests connect as: the edge, whose rights are the widest.
BROKER_USER = "gateway"
#: The native stack's name of a service that has another one in docker-compose.yml.
NAMES = {**CALLERS, "auth-svc": "auth"}
PROCESSES = frozenset(row.name for row in ROWS)
SOURCES = ("docker-compose.yml", "deploy/docker", "requirements")


def project(folders: Folders) -> Project:
    """The project of these folders."""
    return Project(
        name=f"{PRODUCT}-{folders.state.name}",
        repository=folders.repository,
        override=folders.compose_override,
        variables=folders.compose_variables,
        log=folders.logs / "compose.log",
    )


def wanted_fingerprint(folders: Folders, settings: StackSettings) -> str:
    """Changes whenever the code, the images' recipe or the settings do."""
    return fingerprint(folders.repository, settings.summary() | {"kind": "compose"}, SOURCES)


def running(folders: Folders) -> Stack | None:
    """The stack of these folders, with the process ids of now; None when it does not run."""
    stack = Stack.read(folders.stack_file)
    if stack is None or stack.kind != "compose" or stack.state_dir != folders.state:
        return None
    containers = project(folders).containers()
    if not any(one.pid for one in containers):
        return None
    fresh = stack.model_copy(
        update={"processes": _processes(containers), "servers": _servers(containers)}
    )
    if fresh != stack:
        fresh.write(folders.stack_file)
    return fresh


def start(folders: Folders, settings: StackSettings, say: Say) -> Stack:
    """Build the images, start the containers and wait until every process is ready.

    Raises:
        LauncherError: it did not come up; what was started is stopped again.
    """
    reason = why_not()
    if reason is not None:
        raise LauncherError(f"STACK=compose: {reason}")
    folders.logs.mkdir(parents=True, exist_ok=True)
    folders.logs.joinpath("compose.log").write_bytes(b"")
    ours = project(folders)
    # Its ports are taken by its own containers while it runs.
    ours.stop(volumes=False)
    ports = compose_ports(folders)
    write_definitions(folders)
    write_variables(folders, settings, ports)
    write_override(folders, settings, ports)
    try:
        _timed("images", ours.build, say)
        _timed("containers", partial(ours.start, settings.replicas), say)
        containers = _wait_until_ready(ours, say)
    except BaseException as error:
        # Ctrl-C too: what this call started, it stops.
        ours.stop(volumes=False)
        if isinstance(error, StartError):
            raise LauncherError(f"{error}: {failure(ours.log)}\n(all of it: {ours.log})") from None
        raise
    stack = _describe(folders, ports, containers, wanted_fingerprint(folders, settings))
    stack.write(folders.stack_file)
    return stack


def stop(folders: Folders, *, volumes: bool = False) -> bool:
    """Stop it and remove its containers, with `volumes` its data and images; False: none there."""
    ours = project(folders)
    if not ours.containers() and not volumes:
        return False
    folders.logs.mkdir(parents=True, exist_ok=True)
    ours.stop(volumes=volumes)
    if volumes:
        ours.remove_images(folders.image_tag)
    stack = Stack.read(folders.stack_file)
    if stack is not None and stack.kind == "compose" and stack.state_dir == folders.state:
        folders.stack_file.unlink()
    return True


def container_of(folders: Folders, name: str) -> Container | None:
    """The first running container of a process or server, by its name or its beginning."""
    found = [one for one in project(folders).containers() if one.pid]
    exact = [one for one in found if _name(one) == name]
    return next(iter(exact or [one for one in found if _name(one).startswith(name)]), None)


def services_of(folders: Folders, name: str) -> list[str]:
    """The services of docker-compose.yml whose process has this name, or begins with it."""
    found = {one.service: _name(one) for one in project(folders).containers()}
    return sorted(service for service, process in found.items() if process.startswith(name))


def _timed(what: str, step: Callable[[], None], say: Say) -> None:
    began = time.monotonic()
    step()
    say(f"  {what:<18} ready after {time.monotonic() - began:5.1f} s")


def _wait_until_ready(ours: Project, say: Say) -> Sequence[Container]:
    began = time.monotonic()
    ready: set[str] = set()
    with httpx2.Client(trust_env=False, timeout=PROBE_S) as client:
        while True:
            containers = ours.containers()
            known = {one.name: _process(one) for one in containers if _name(one) in PROCESSES}
            for process in known.values():
                if process.name not in ready and _answers(client, process.health_url):
                    ready.add(process.name)
                    seconds = time.monotonic() - began
                    say(f"  {process.name:<18} ready after {seconds:5.1f} s")
            left = {process.name for process in known.values()} - ready
            if not left:
                return containers
            if time.monotonic() - began > READY_TIMEOUT_S:
                raise LauncherError(
                    f"{', '.join(sorted(left))} not ready after {READY_TIMEOUT_S:.0f} s: "
                    "`docker logs` of its container says why"
                )
            time.sleep(POLL_S)


def _answers(client: httpx2.Client, url: str) -> bool:
    try:
        return bool(url) and client.get(url).status_code == 200
    except httpx2.HTTPError:
        return False


def _name(container: Container) -> str:
    name = NAMES.get(container.service, container.service)
    return name if container.number == 1 else f"{name}-{container.number}"


def _process(container: Container) -> RunningProcess:
    base = container.url(OPS) or container.url(8080) or ""
    return RunningProcess(
        name=_name(container),
        pid=container.pid,
        health_url=f"{base}/health/ready" if base else "",
        metrics_url=f"{base}/metrics" if container.url(OPS) else None,
        restarts=container.restarts,
    )


def _processes(containers: Sequence[Container]) -> tuple[RunningProcess, ...]:
    ours = {NAMES.get(one.service, one.service): one.service for one in containers}
    order = {ours.get(row.name): number for number, row in enumerate(ROWS)}
    known = sorted(
        (one for one in containers if one.service in order),
        key=lambda one: (order[one.service], one.number),
    )
    return tuple(map(_process, known))


def _servers(containers: Sequence[Container]) -> tuple[RunningServer, ...]:
    return tuple(
        RunningServer(name=one.service, pid=one.pid, restarts=one.restarts)
        for name in SERVERS
        for one in containers
        if one.service == name
    )


def _describe(
    folders: Folders,
    ports: Mapping[str, int],
    containers: Sequence[Container],
    code: str,
) -> Stack:
    broker, database = broker_passwords(folders), password(folders, "postgres")
    return Stack(
        kind="compose",
        base_url=f"http://{LOOPBACK}:{ports['page']}",
        auth_url=f"http://{LOOPBACK}:{ports['auth']}",
        sandbox_url=f"http://{LOOPBACK}:{ports['sandbox']}",
        careers_url="http://sandbox:8080",
        amqp_url=(
            f"amqp://{BROKER_USER}:{broker[BROKER_USER]}"
            f"@{LOOPBACK}:{ports['amqp']}/{definitions.VHOST}"
        ),
        management_url=f"http://{LOOPBACK}:{ports['management']}",
        management_user=definitions.OPERATOR,
        management_password=broker[definitions.OPERATOR],
        database_url=f"postgresql://resume:{database}@{LOOPBACK}:{ports['database']}/resume",
        processes=_processes(containers),
        servers=_servers(containers),
        fingerprint=code,
        supervisor_pid=0,
        state_dir=folders.state,
        logs_dir=folders.logs,
    )
