"""Throw-away servers around a test command, and a stack around the system tests."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from resume_launcher.compose.engine import SERVERS, why_not
from resume_launcher.errors import LauncherError
from resume_launcher.folders import find_folders
from resume_launcher.ports import free_port
from resume_launcher.servers import PostgresServer, RabbitServer, ValkeyServer
from resume_launcher.settings import StackSettings
from resume_launcher.stacks import down, running_stack, up
from resume_launcher.terminal import Say


def with_servers(command: Sequence[str], say: Say) -> int:
    """Run `command` with a fresh RabbitMQ, PostgreSQL and Valkey; its exit code.

    It finds them in TEST_AMQP_URL, TEST_MANAGEMENT_URL (with the log-in), TEST_DATABASE_URL and
    TEST_VALKEY_URL. They are containers when an engine has or gets their images, else private
    processes; SERVICES=docker or native forces it.

    Raises:
        LauncherError: SERVICES names something else, or containers that cannot be had.
    """
    reason = _why_no_containers(os.environ.get("SERVICES", ""))
    if reason is None:
        return asyncio.run(_with_containers(command, say))
    say(f"Private RabbitMQ, PostgreSQL and Valkey: {reason}.")
    folder = Path(tempfile.mkdtemp(prefix="resume-services-"))
    # The servers' users must be able to pass through it; what is theirs inside is private.
    folder.chmod(0o711)
    try:
        return asyncio.run(_with_servers(folder, command, say))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _why_no_containers(asked: str) -> str | None:
    if asked not in {"", "native", "docker"}:
        raise LauncherError(f"SERVICES: native or docker, not {asked!r}")
    if asked == "native":
        return "SERVICES=native"
    reason = why_not(SERVERS, compose=False)
    if asked == "docker" and reason is not None:
        raise LauncherError(f"SERVICES=docker: {reason}")
    return reason


async def _with_containers(command: Sequence[str], say: Say) -> int:
    # Only those who run tests have what it imports.
    from resume_launcher.servers.containers import containers  # noqa: PLC0415

    with containers() as servers:
        say(f"{', '.join(SERVERS)} are up for: {' '.join(command)}")
        environment = {
            "TEST_AMQP_URL": servers.amqp_url,
            "TEST_MANAGEMENT_URL": servers.management_url,
            "TEST_DATABASE_URL": servers.database_url,
            "TEST_VALKEY_URL": servers.valkey_url,
        }
        return await _run(command, environment)


async def _with_servers(folder: Path, command: Sequence[str], say: Say) -> int:
    port = free_port()
    management_port = free_port(avoid=frozenset({port}))
    rabbit = RabbitServer(folder / "rabbitmq", port=port, management_port=management_port)
    postgres = PostgresServer(folder / "postgres", port=free_port(), max_connections=400)
    valkey = ValkeyServer(folder / "valkey", port=free_port())
    try:
        await asyncio.gather(rabbit.start(), postgres.start(), valkey.start())
        say(f"RabbitMQ, PostgreSQL and Valkey are up for: {' '.join(command)}")
        login = f"http://{rabbit.management_user}:{rabbit.management_password}@"
        environment = {
            "TEST_AMQP_URL": rabbit.amqp_url,
            "TEST_MANAGEMENT_URL": rabbit.management_url.replace("http://", login),
            "TEST_DATABASE_URL": postgres.database_url,
            "TEST_VALKEY_URL": valkey.url,
        }
        return await _run(command, environment)
    finally:
        # Nobody needs these data, so nothing has to be shut down in good order.
        await asyncio.gather(rabbit.kill(), postgres.kill(), valkey.kill(), return_exceptions=True)
        await rabbit.stop()


def with_stack(command: Sequence[str], settings: StackSettings, say: Say) -> int:
    """Run `command` against the running stack, or against one started and removed for it."""
    if running_stack(find_folders()) is not None:
        say("Using the running stack.")
        return asyncio.run(_run(command, {}))
    folders = find_folders(throw_away=True)
    shutil.rmtree(folders.state, ignore_errors=True)
    say("Starting a stack for the tests:")
    try:
        up(folders, settings, say)
        return asyncio.run(_run(command, {}))
    finally:
        down(folders, say, data=True)
        shutil.rmtree(folders.state, ignore_errors=True)


async def _run(command: Sequence[str], extra: Mapping[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **extra})
    loop = asyncio.get_running_loop()
    # Ctrl-C reaches the command by itself; it decides when it is done, then the servers stop.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    loop.add_signal_handler(signal.SIGTERM, process.terminate)
    return await process.wait()
