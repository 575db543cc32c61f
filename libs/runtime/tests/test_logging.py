import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from resume_runtime.correlation import bound
from resume_runtime.logging import configure_logging

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging is the process's: put it back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def configured(capsys: pytest.CaptureFixture[str]) -> Lines:
    configure_logging("example", "INFO")
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_log_line_is_json_with_time_and_bound_ids(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = configured(capsys)
    with bound(correlation_id="c-1", job_id="j-1"):
        structlog.get_logger().info("job.accepted", stage="extract")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "job.accepted",
        "level": "info",
        "logger": __name__,
        "service": "example",
        "stage": "extract",
        "correlation_id": "c-1",
        "job_id": "j-1",
    }


def test_log_records_of_libraries_take_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    lines = configured(capsys)
    with bound(correlation_id="c-1"):
        logging.getLogger("some.library").warning("lost %s", "connection")
        logging.getLogger("some.library").debug("too much")
        logging.getLogger("aio_pika").info("too much")
    (line,) = lines()
    assert (line["event"], line["logger"]) == ("lost connection", "some.library")
    assert (line["service"], line["correlation_id"]) == ("example", "c-1")


def test_sensitive_values_are_masked_at_any_depth(capsys: pytest.CaptureFixture[str]) -> None:
    lines = configured(capsys)
    structlog.get_logger().info(
        "call", Authorization="hunter2", headers={"cookie": "hunter2", "accept": "json"}
    )
    (line,) = lines()
    assert line["Authorization"] == "***"
    assert line["headers"] == {"cookie": "***", "accept": "json"}


def fail() -> None:
    raise ExceptionGroup("resume text", [ValueError("resume text")]) from KeyError("resume text")


def raised() -> Exception:
    try:
        fail()
    except ExceptionGroup as error:
        return error
    raise AssertionError


@pytest.mark.parametrize("logger", [structlog.get_logger(), logging.getLogger("library")])
def test_exceptions_say_where_and_what_kind_but_not_their_text(
    capsys: pytest.CaptureFixture[str], logger: Any
) -> None:
    lines = configured(capsys)
    logger.error("failed", exc_info=raised())
    (line,) = lines()
    assert line["error"] == "ExceptionGroup(ValueError) from KeyError"
    assert line["trace"][-1].endswith(" fail")
    assert "resume text" not in json.dumps(line)


def test_level_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    lines = configured(capsys)
    structlog.get_logger().debug("hidden")
    assert lines() == []


@pytest.mark.parametrize("name", ["alembic.runtime.migration", "uvicorn.error", "aio_pika.robust"])
def test_chatter_of_libraries_is_left_out_but_not_their_warnings(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    lines = configured(capsys)
    logging.getLogger(name).info("chatter")
    logging.getLogger(name).warning("trouble")
    assert [line["event"] for line in lines()] == ["trouble"]
