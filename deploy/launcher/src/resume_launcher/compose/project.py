"""One project of Docker Compose: its commands, and what its containers are."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from resume_launcher.errors import LauncherError, StartError
from resume_launcher.files import tail

#: A command of the engine that only looks.
LOOK_S = 20.0
LOOPBACK = "127.0.0.1"
FAILURE_LINES = 3


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a service.

    Attributes:
        service: its name in docker-compose.yml.
        number: counts the containers of one service from 1.
        name: its name in the engine.
        pid: its first process, as this machine numbers it; 0 when it does not run.
        restarts: how often the engine started it again.
        exit_code: of its last end; None while it runs or before it ever did.
        ports: where this machine reaches its ports.
    """

    service: str
    number: int
    name: str
    pid: int
    restarts: int
    exit_code: int | None
    ports: Mapping[int, int]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Read what `docker inspect` says of it."""
        labels, state = document["Config"]["Labels"], document["State"]
        ports = {
            int(inside.partition("/")[0]): int(published[0]["HostPort"])
            for inside, published in document["NetworkSettings"]["Ports"].items()
            if published
        }
        return cls(
            service=labels["com.docker.compose.service"],
            number=int(labels["com.docker.compose.container-number"]),
            name=document["Name"].removeprefix("/"),
            pid=int(state["Pid"]),
            restarts=int(document["RestartCount"]),
            exit_code=int(state["ExitCode"]) if state["Status"] == "exited" else None,
            ports=ports,
        )

    def url(self, port: int) -> str | None:
        """Where this machine reaches a port of it; None when it does not."""
        published = self.ports.get(port)
        return None if published is None else f"http://{LOOPBACK}:{published}"


@dataclass(frozen=True, slots=True)
class Project:
    """A project of this clone.

    Attributes:
        name: tells its containers, volumes and networks from others'.
        repository: where docker-compose.yml is.
        override: what is added to that file.
        variables: the file of what both are filled with.
        log: where the output of the engine's commands goes.
    """

    name: str
    repository: Path
    override: Path
    variables: Path
    log: Path

    def build(self) -> None:
        """Build the images.

        Raises:
            StartError: it failed; the log says why.
        """
        self._run("build")

    def start(self, replicas: int) -> None:
        """Have all containers running, in the order of what they need; so many of tailor-svc.

        Raises:
            StartError: it failed; the log says why.
        """
        scale = f"tailor-svc={replicas}"
        self._run("up", "--detach", "--no-build", "--remove-orphans", "--scale", scale)

    def stop(self, *, volumes: bool) -> None:
        """Stop and remove the containers, within their grace; with `volumes` their data too."""
        command = ["docker", "compose", "--project-name", self.name, "down", "--remove-orphans"]
        with self.log.open("ab") as output:
            subprocess.run(
                [*command, *(["--volumes"] if volumes else [])],
                cwd=self.repository,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            )

    def remove_images(self, tag: str) -> None:
        """Remove the images that were built under this tag."""
        images = _look("docker", "image", "ls", "--quiet", "--filter", f"reference=*/*:{tag}")
        if images:
            subprocess.run(
                ["docker", "image", "rm", *set(images.split())], capture_output=True, check=False
            )

    def containers(self) -> list[Container]:
        """All of them, those that are over too; none without an engine."""
        label = f"label=com.docker.compose.project={self.name}"
        ids = _look("docker", "ps", "--all", "--quiet", "--filter", label)
        documents = json.loads(_look("docker", "inspect", *ids.split()) or "[]") if ids else []
        found = [Container.of(document) for document in documents]
        return sorted(found, key=lambda one: (one.service, one.number))

    def follow_logs(self, services: list[str], *, lines: int, follow: bool) -> None:
        """Print the containers' last lines, and with `follow` new ones until Ctrl-C."""
        options = [f"--tail={lines}", *(["--follow"] if follow else [])]
        command = self._compose("logs", *options, *services)
        subprocess.run(command, cwd=self.repository, env=self._environment(), check=False)

    def _run(self, *arguments: str) -> None:
        with self.log.open("ab") as output:
            done = subprocess.run(
                self._compose(*arguments),
                cwd=self.repository,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            )
        if done.returncode != 0:
            raise StartError(self.log.stem, f"{arguments[0]} failed")

    def _compose(self, *arguments: str) -> list[str]:
        files = ("--file", "docker-compose.yml", "--file", str(self.override))
        options = ("--env-file", str(self.variables), "--profile", "sandbox", *files)
        return ["docker", "compose", "--project-name", self.name, *options, *arguments]

    def _environment(self) -> dict[str, str]:
        """The caller's environment without what docker-compose.yml reads: the file rules."""
        ours = {"COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME"}
        kept = ("PATH", "HOME", "USER", "LANG", "TERM", "XDG_", "DOCKER_", "COMPOSE_", "BUILDKIT_")
        proxies = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
        return {
            name: value
            for name, value in os.environ.items()
            if name.startswith((*kept, *proxies)) and name not in ours
        } | {"DOCKER_BUILDKIT": "1", "BUILDKIT_PROGRESS": "plain"}


def run_in(container: str, *command: str) -> bool:
    """Run a command inside a container; whether it was run."""
    done = subprocess.run(
        ["docker", "exec", container, *command], capture_output=True, timeout=LOOK_S, check=False
    )
    # 137: it was killed together with the container's own processes.
    return done.returncode in {0, 137}


def failure(log: Path) -> str:
    """The end of a log in one line."""
    return " ".join(line.strip() for line in tail(log, FAILURE_LINES))


def _look(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LOOK_S, check=False)
    except FileNotFoundError:
        return ""
    except subprocess.TimeoutExpired:
        raise LauncherError("the Docker engine does not answer") from None
    return done.stdout if done.returncode == 0 else ""
