"""The frame around a process: event loop, signals, exit codes."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable

import structlog
import uvloop

log = structlog.get_logger()

#: Exit code of a failure that nobody expected.
EXIT_FAILED = 1

#: Exit code when a server it needs cannot be reached (`EX_UNAVAILABLE` of sysexits.h); a
#: supervisor starts the process again.
EXIT_UNAVAILABLE = 69


#: Objects made and not freed between two runs of the garbage collector (Python's own: 700).
_COLLECT_AFTER = 10_000


class StartupError(Exception):
    """The process cannot start, or cannot go on; the text is one readable line.

    `exit_code` is 69 when a server cannot be reached, 78 when a variable is wrong.
    """

    def __init__(self, message: str, *, exit_code: int = EXIT_UNAVAILABLE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def run(main: Callable[[asyncio.Event], Awaitable[object]]) -> int:
    """Run `main` on uvloop until it returns; SIGTERM and SIGINT set the event it is given.

    A second signal exits at once. `StartupError` becomes one line on stderr and its exit code;
    anything else unexpected is logged and becomes 1.
    """
    _spare_the_collector()
    try:
        uvloop.run(_guarded(main))
    except Exception as error:
        expected = _startup_error(error)
        if expected is None:
            log.critical("process.failed", exc_info=error)
            return EXIT_FAILED
        sys.stderr.write(f"{expected}\n")
        return expected.exit_code
    return 0


def _spare_the_collector() -> None:
    """Let the garbage collector leave alone what lives as long as the process, and run seldom.

    Modules and schemas are some 300 000 objects, gone through again and again for nothing; what a
    request or delivery makes is nearly all freed by its reference count.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 10, 10)


async def _guarded(main: Callable[[asyncio.Event], Awaitable[object]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(number: int) -> None:
        if stop.is_set():
            # `sys.exit` would first wait for every task; the second signal is for when that hangs.
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal, number)
    await main(stop)


def _startup_error(error: BaseException) -> StartupError | None:
    """The expected failure that this is, or that a task group of the process ended with."""
    if isinstance(error, BaseExceptionGroup):
        found = (_startup_error(inner) for inner in error.exceptions)
        return next((inner for inner in found if inner is not None), None)
    return error if isinstance(error, StartupError) else None
