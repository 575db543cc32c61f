"""Structured logs: JSON lines on stdout, for our own and for every library's records."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from traceback import walk_tb
from typing import Any

import orjson
import structlog

#: Keys whose values never reach a log, whoever binds them.
SENSITIVE = frozenset(
    {
        "authorization",
        "password",
        "token",
        "access_token",
        "refresh_token",
        "api_key",
        "secret",
        "ticket",
        "cookie",
        "email",
        "body",
        "document",
        "resume",
        "posting",
        "prompt",
        "job_text",
    }
)

#: Libraries that tell more than anybody wants below a warning.
_NOISY = (
    "aio_pika",
    "aiormq",
    "alembic",
    "asyncio",
    "httpcore2",
    "httpx2",
    "openai",
    "uvicorn.access",
    "uvicorn.error",
)

_FOLDERS = re.compile(r".*/(src|site-packages|lib/python[0-9.]+)/")


def configure_logging(service: str, level: str) -> None:
    """Send every log record of the process to stdout as one JSON line."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
        mask_sensitive,
        _exception_type,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            # What libraries attach to their records; masked like everything else.
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_dumps),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def mask_sensitive(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace the values of sensitive keys, at any depth of mappings."""
    return {key: _masked(key, value) for key, value in event.items()}


def _masked(key: object, value: Any) -> Any:
    if isinstance(key, str) and key.lower() in SENSITIVE:
        return "***"
    if isinstance(value, Mapping):
        return {inner: _masked(inner, found) for inner, found in value.items()}
    return value


def _exception_type(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Where an exception came from, without its text: that may quote the input."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = _types(error)
        event["trace"] = _frames(error)
    return event


def _types(error: BaseException) -> str:
    """The type of an error, of those inside a group, and of what it was raised from."""
    name = type(error).__name__
    if isinstance(error, BaseExceptionGroup):
        name += f"({', '.join(_types(inner) for inner in error.exceptions)})"
    return name if error.__cause__ is None else f"{name} from {_types(error.__cause__)}"


def _frames(error: BaseException) -> list[str]:
    """The innermost calls as `file:line function`, without the folders of this machine."""
    frames = [
        f"{_FOLDERS.sub('', frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return frames[-12:]


def _named(service: str) -> structlog.typing.Processor:
    def add(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        event.setdefault("service", service)
        return event

    return add


def _dumps(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()
