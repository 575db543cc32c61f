"""RabbitMQ's definitions file: the topology, one user a service with what it needs, an operator.

`python -m resume_messaging.definitions {--check FILE | --write FILE}`. It comes from the tables of
the code, so a check of the committed file is a comparison. That file has the passwords of
development; any other deployment writes its own with `--passwords-from-environment`, from
RABBITMQ_PASSWORD_<USER>.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from resume_contracts import routing
from resume_messaging.shells.access import Access, access_table
from resume_messaging.shells.topology import Topology

Json = dict[str, Any]

VHOST = "resume"

#: Looks at everything in the management UI; may neither read a message nor change anything.
OPERATOR = "operator"

#: RabbitMQ's spelling of "nothing".
_NOTHING = "^$"
_SALT_BYTES = 4

Hash = Callable[[str, str], str]


def document(passwords: Mapping[str, str], hashed: Hash) -> Json:
    """The definitions.

    Args:
        passwords: by user.
        hashed: makes of a user and a password what RabbitMQ stores.
    """
    topology, services = Topology(), access_table()
    queues = topology.queues()
    return {
        "vhosts": [{"name": VHOST}],
        "users": [_user(name, hashed(name, passwords[name])) for name in users()],
        "permissions": [
            *map(_permission, services.values()),
            {"user": OPERATOR, "vhost": VHOST}
            | dict.fromkeys(("configure", "write", "read"), _NOTHING),
        ],
        "topic_permissions": [
            _topic_permission(access) for access in services.values() if access.events
        ],
        "exchanges": [
            {"name": name, "type": kind.value} | _durable()
            for name, kind in topology.exchanges().items()
        ],
        "queues": [
            {"name": queue.name} | _durable() | {"arguments": queue.arguments} for queue in queues
        ],
        "bindings": [
            {
                "source": queue.exchange,
                "vhost": VHOST,
                "destination": queue.name,
                "destination_type": "queue",
                "routing_key": queue.key,
                "arguments": {},
            }
            for queue in queues
        ],
    }


def users() -> tuple[str, ...]:
    """Every broker user: one a service, and the operator."""
    return (*access_table(), OPERATOR)


def development_password(user: str) -> str:
    """What the committed file lets `user` in with; no secret."""
    return f"{user}-development"


def variable(user: str) -> str:
    """The environment variable with the password of `user`."""
    return f"RABBITMQ_PASSWORD_{user.upper()}"


def render_development() -> str:
    """The committed file: the same tables give the same bytes."""
    # A salt that is no accident, so that the file only changes when its content does.
    return _render(
        document(
            {user: development_password(user) for user in users()},
            lambda user, password: password_hash(
                password, hashlib.sha256(user.encode()).digest()[:_SALT_BYTES]
            ),
        )
    )


def render(passwords: Mapping[str, str], salt: Callable[[int], bytes]) -> str:
    """A file with passwords of one's own."""
    return _render(
        document(passwords, lambda _, password: password_hash(password, salt(_SALT_BYTES)))
    )


def password_hash(password: str, salt: bytes) -> str:
    """What RabbitMQ stores of a password: base64(salt + SHA-256(salt + password))."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check a definitions file; 1 when the checked one differs, 78 without a password."""
    parser = argparse.ArgumentParser(prog="python -m resume_messaging.definitions")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--check", type=Path, metavar="FILE", help="compare with development's")
    choice.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument(
        "--passwords-from-environment",
        action="store_true",
        help=f"write with {', '.join(map(variable, users()))}",
    )
    options = parser.parse_args(arguments)
    if options.check is not None:
        return _check(options.check)
    if not options.passwords_from_environment:
        options.write.write_text(render_development(), "utf-8")
        return 0
    passwords = {user: os.environ.get(variable(user), "") for user in users()}
    if unset := [variable(user) for user, password in passwords.items() if not password]:
        sys.stderr.write(f"not set: {', '.join(unset)}\n")
        return 78
    options.write.write_text(render(passwords, secrets.token_bytes), "utf-8")
    return 0


def _check(file: Path) -> int:
    if file.exists() and file.read_text("utf-8") == render_development():
        return 0
    sys.stderr.write(
        f"{file} is out of date: python -m resume_messaging.definitions --write {file}\n"
    )
    return 1


def _render(definitions: Json) -> str:
    return json.dumps(definitions, indent=2) + "\n"


def _user(name: str, password: str) -> Json:
    return {
        "name": name,
        "password_hash": password,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        # `monitoring` sees the connections of others too, `management` only its own.
        "tags": ["monitoring"] if name == OPERATOR else [],
    }


def _permission(access: Access) -> Json:
    # Binding a queue takes write on it and read on the exchange.
    own = (_process_queues(access.service),) if access.is_told else ()
    told = (routing.CONTROL,) if access.is_told else ()
    return {
        "user": access.service,
        "vhost": VHOST,
        "configure": _any_of((), own),
        "write": _any_of(access.writes, own),
        "read": _any_of((*access.reads, *told), own),
    }


def _topic_permission(access: Access) -> Json:
    return {
        "user": access.service,
        "vhost": VHOST,
        "exchange": routing.EVENTS,
        "write": rf"^({'|'.join(map(re.escape, access.events))})\.",
        "read": _NOTHING,
    }


def _process_queues(service: str) -> str:
    """The names that `routing.process_queue` gives; never those of a queue beside it."""
    return re.escape(routing.control_queue(service)) + r"\.[^.@]+@.+"


def _any_of(names: Iterable[str], patterns: Iterable[str]) -> str:
    allowed = [*map(re.escape, names), *patterns]
    return f"^({'|'.join(allowed)})$" if allowed else _NOTHING


def _durable() -> Json:
    return {"vhost": VHOST, "durable": True, "auto_delete": False}


if __name__ == "__main__":
    sys.exit(main())
