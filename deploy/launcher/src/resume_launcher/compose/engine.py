"""Whether a container engine can supply what the system needs.

Standard library only: it is also asked before anything is installed.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence

SERVERS = ("rabbitmq:4-management", "postgres:17", "valkey/valkey:8")
IMAGES = (*SERVERS, "python:3.13-slim")
#: `depends_on` with `required: false` came with it.
OLDEST_COMPOSE = (2, 20)
#: An engine or a registry that needs longer is none for somebody who waits at a terminal.
PROBE_S = 6.0


def why_not(images: Sequence[str] = IMAGES, *, compose: bool = True) -> str | None:
    """Why an engine cannot supply these images; None when it can. Takes seconds at most.

    Args:
        images: what is needed; each must be here or be known to its registry.
        compose: whether Docker Compose is needed too.
    """
    if shutil.which("docker") is None:
        return "Docker is not installed"
    if _output("docker", "version", "--format", "{{.Server.Version}}") is None:
        return "the Docker engine does not answer (or not to this user)"
    if compose and (_version(_output("docker", "compose", "version", "--short")) < OLDEST_COMPOSE):
        return f"Docker Compose {'.'.join(map(str, OLDEST_COMPOSE))} or newer is not installed"
    missing = [image for image in images if _output("docker", "image", "inspect", image) is None]
    # All come from one registry: one question is enough to know that it answers.
    if missing and _output("docker", "manifest", "inspect", missing[0]) is None:
        return f"the image {missing[0]} is neither here nor to be had"
    return None


def _version(text: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text or "")[:2])


def _output(*command: str) -> str | None:
    """What a command prints; None when it fails or takes too long."""
    env = {**os.environ, "DOCKER_CLI_EXPERIMENTAL": "enabled"}
    try:
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, timeout=PROBE_S, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    return done.stdout if done.returncode == 0 else None
