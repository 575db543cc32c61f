"""What fills docker-compose.yml: ports, secrets and settings, in files only their owner reads."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from typing import Any

from resume_launcher.files import secret_file, write_atomically
from resume_launcher.folders import Folders
from resume_launcher.ports import choose_ports
from resume_launcher.settings import StackSettings
from resume_launcher.supervisor.table import LIMITS, LOOPBACK, PAGE_PORT
from resume_messaging import definitions

MANAGEMENT_PORT = 15_672
OPS = 9000
#: The sandbox as the services see it; it alone may be fetched although it is private.
SANDBOX = "sandbox:8080"
#: Where a service of the compose file that calls a provider is in the native table.
CALLERS = {"tailor-svc": "tailor", "research-svc": "research", "extract-svc": "extract"}
WITH_OPS = ("gateway-api", "gateway-projector", "gateway-relay", "auth-svc", *CALLERS)
#: A stopping container may take its grace; only after that it is killed.
GRACE_MARGIN_S = 10
#: What a person may choose for the containers themselves.
PASSED = ("VALKEY_URL", "EXTRACT_TARGET", "EXTRACT_MEMORY", "POSTGRES_MEMORY", "RABBITMQ_MEMORY")
#: Ports that keep their number over a restart, and what they lead to.
FIXED = {
    "amqp": ("rabbitmq", 5672),
    "database": ("postgres", 5432),
    "auth": ("auth-svc", 8080),
    "sandbox": ("sandbox", 8080),
}


def compose_ports(folders: Folders) -> dict[str, int]:
    """The ports on this machine, remembered in the state folder."""
    wanted: dict[str, int | None] = {"page": PAGE_PORT, "management": MANAGEMENT_PORT}
    return choose_ports(folders.compose_ports, wanted | dict.fromkeys(FIXED))


def password(folders: Folders, server: str) -> str:
    """The password of a server, made at random the first time."""
    return secret_file(folders.secret(f"compose-{server}"))


def broker_passwords(folders: Folders) -> dict[str, str]:
    """The password of each of RabbitMQ's users."""
    return {user: password(folders, f"rabbitmq-{user}") for user in definitions.users()}


def write_definitions(folders: Folders) -> None:
    """Write RabbitMQ's queues and users; its container's own user must be able to read them."""
    text = definitions.render(broker_passwords(folders), secrets.token_bytes)
    write_atomically(folders.compose_definitions, text, mode=0o644)


def write_variables(folders: Folders, settings: StackSettings, ports: Mapping[str, int]) -> None:
    """Write the file that fills `${…}` in docker-compose.yml."""
    dead_letters = bytes.fromhex(secret_file(folders.secret("dead-letters"), length=32))
    variables = {
        "PAGE_PORT": ports["page"],
        "MANAGEMENT_PORT": ports["management"],
        "IMAGE_TAG": folders.image_tag,
        "POSTGRES_PASSWORD": password(folders, "postgres"),
        "RABBITMQ_DEFINITIONS": folders.compose_definitions,
        **{definitions.variable(user): own for user, own in broker_passwords(folders).items()},
        "AUTH_SECRET": secret_file(folders.secret("auth"), length=32),
        "DEADLETTER_KEY": base64.urlsafe_b64encode(dead_letters).decode(),
        "FETCH_ALLOW": SANDBOX,
        "JOB_DEADLINE_S": settings.deadline_s,
        "REPLICAS": settings.replicas,
        "GRACE_S": settings.grace_s,
        "STOP_GRACE_PERIOD": f"{settings.grace_s + GRACE_MARGIN_S}s",
        "LOG_LEVEL": settings.log_level,
        **LIMITS,
        **{name: os.environ[name] for name in PASSED if os.environ.get(name)},
    }
    lines = (f"{name}={_quoted(str(value))}\n" for name, value in variables.items())
    write_atomically(folders.compose_variables, "".join(lines), mode=0o600)


def _quoted(value: str) -> str:
    """As Compose reads it back, whatever the path of this clone has in it."""
    if not set(value) & set(" #$'\"\\"):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


def write_override(folders: Folders, settings: StackSettings, ports: Mapping[str, int]) -> None:
    """Write what is added to docker-compose.yml: ports for tools and tests, and providers."""
    services: dict[str, dict[str, Any]] = {
        # Any free port, so that a service can be scaled.
        name: {"ports": [f"{LOOPBACK}::{OPS}"]}
        for name in WITH_OPS
    }
    for name, (service, port) in FIXED.items():
        published = services.setdefault(service, {}).setdefault("ports", [])
        published.append(f"{LOOPBACK}:{ports[name]}:{port}")
    for service, process in CALLERS.items():
        told = settings.providers.of(process)
        # Compose would read a dollar sign as the beginning of a variable.
        services[service]["environment"] = {k: v.replace("$", "$$") for k, v in told.items()}
    document = json.dumps({"services": services}, indent=2)
    write_atomically(folders.compose_override, document, mode=0o600)
