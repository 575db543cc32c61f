"""The frame around a process: event loop, signals, exit codes."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

import uvloop

#: Exit code when a server it needs cannot be reached (`EX_UNAVAILABLE` of sysexits.h); a
#: supervisor starts the process again.
EXIT_UNAVAILABLE = 69


class StartupError(Exception):
    """The process cannot start, or cannot go on; the text is one readable line.

    `exit_code` is 69 when a server cannot be reached, 78 when a variable is wrong.
    """

    def __init__(self, message: str, *, exit_code: int = EXIT_UNAVAILABLE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def run(main: Callable[[asyncio.Event], Awaitable[object]]) -> int:
    """Run `main` on uvloop until it returns; SIGTERM and SIGINT set the event it is given.

    A second signal exits at once. `StartupError` becomes one line on stderr and its exit code.
    """
    try:
        return uvloop.run(_guarded(main))
    except StartupError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


async def _guarded(main: Callable[[asyncio.Event], Awaitable[object]]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(number: int) -> None:
        if stop.is_set():
            sys.exit(128 + number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal, number)
    await main(stop)
    return 0
