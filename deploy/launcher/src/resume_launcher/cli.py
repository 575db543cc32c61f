"""The command line behind the Makefile's targets."""

import argparse
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from resume_launcher import overview, throwaway
from resume_launcher.compose import stack as compose
from resume_launcher.demo import run
from resume_launcher.demo.sandbox import Sandbox
from resume_launcher.errors import LauncherError, StartError
from resume_launcher.files import tail
from resume_launcher.folders import Folders, find_folders
from resume_launcher.settings import StackSettings
from resume_launcher.stacks import down, running_stack, up
from resume_launcher.supervisor import main as supervisor
from resume_launcher.terminal import complain, is_terminal, say

FAILURE_LINES = 20
LOG_LINES = 50
INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; the process's exit code."""
    options = _parser().parse_args(arguments)
    folders = find_folders()
    try:
        return _dispatch(options, folders)
    except StartError as error:
        complain(f"\n{error}. The end of its log ({folders.logs / error.process}.log):")
        for line in tail(folders.logs / f"{error.process}.log", FAILURE_LINES):
            complain(f"  {line}")
        return 1
    except LauncherError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        complain("Interrupted.")
        return INTERRUPTED


def _dispatch(options: argparse.Namespace, folders: Folders) -> int:
    match options.command:
        case "supervise":
            return supervisor.main(
                options.state, options.stack_file, options.repository, options.fingerprint
            )
        case "demo":
            return run.demo(folders, os.environ)
        case "services":
            return throwaway.with_servers(options.run, say)
        case "run-tests":
            return throwaway.with_stack(options.run, StackSettings.read(os.environ), say)
        case "up":
            return _up(folders)
        case "down":
            say("Stopped." if down(folders, say) else "Nothing is running.")
        case "clean":
            down(folders, say, data=True)
            shutil.rmtree(folders.state, ignore_errors=True)
        case "ps" | "logs" | "postings":
            return _look(options.command, folders)
    return 0


def _up(folders: Folders) -> int:
    result = up(folders, StackSettings.read(os.environ), say)
    say("The stack is up." if result.started else "The stack was running already.")
    overview.print_addresses(result.stack, os.environ, say)
    return 0


def _look(command: str, folders: Folders) -> int:
    stack = running_stack(folders)
    if command == "logs" and stack is not None and stack.kind == "compose":
        services = compose.services_of(folders, os.environ.get("S") or "")
        compose.project(folders).follow_logs(services, lines=LOG_LINES, follow=is_terminal())
        return 0
    if command == "logs":
        follow = is_terminal() and stack is not None
        overview.print_logs(folders, os.environ.get("S"), lines=LOG_LINES, follow=follow, say=say)
        return 0
    if stack is None:
        say("Nothing is running; `make up` starts it.")
        return 0
    if command == "postings":
        with Sandbox(stack.sandbox_url) as sandbox:
            overview.print_postings(sandbox.postings(), stack.careers_url, say)
        return 0
    overview.print_processes(stack, say)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m resume_launcher", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start the stack in the background")
    commands.add_parser("down", help="stop it")
    commands.add_parser("clean", help="stop it and remove its data")
    commands.add_parser("ps", help="show its processes")
    commands.add_parser("postings", help="list the sandbox's postings, for POSTING=")
    commands.add_parser("logs", help="show its logs; S=<name>: of one process")
    commands.add_parser("demo", help="start it and make what PRODUCT asks for")
    for name, text in (
        ("services", "run a command with throw-away RabbitMQ, PostgreSQL and Valkey"),
        ("run-tests", "run a command against the stack; start one when none runs"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("run", nargs="+", metavar="COMMAND")
    supervise = commands.add_parser("supervise", help="the background process itself")
    for name in ("state", "stack_file", "repository"):
        supervise.add_argument(name, type=Path)
    supervise.add_argument("fingerprint")
    return parser
