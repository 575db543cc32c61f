"""The published OpenAPI document: printed, written, or checked for drift."""

import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
from prometheus_client import CollectorRegistry

from gateway_svc.api import create_app
from resume_runtime.clock import SystemClock

USAGE = "usage: python -m gateway_svc openapi [--check FILE | --write FILE]\n"


def document() -> bytes:
    """The document, the same bytes for the same code."""
    app = create_app(origins=[], checks={}, registry=CollectorRegistry(), clock=SystemClock())
    return orjson.dumps(
        app.openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    )


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; 1 when a checked file differs."""
    match list(arguments):
        case []:
            sys.stdout.buffer.write(document())
        case ["--write", path]:
            Path(path).write_bytes(document())
        case ["--check", path]:
            if Path(path).read_bytes() != document():
                sys.stderr.write(f"{path} is out of date: python -m gateway_svc openapi --write\n")
                return 1
        case _:
            sys.stderr.write(USAGE)
            return 2
    return 0
