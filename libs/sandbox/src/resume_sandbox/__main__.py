"""`python -m resume_sandbox`: serve until SIGTERM."""

import asyncio
import sys

from resume_runtime.logging import configure_logging
from resume_runtime.process import StartupError, run
from resume_runtime.settings import load_settings
from resume_sandbox.app import create_app
from resume_sandbox.connection import create_server
from resume_sandbox.settings import SandboxSettings


async def _serve(settings: SandboxSettings, stop: asyncio.Event) -> None:
    server = create_server(create_app(settings), settings.host, settings.port)

    async def stop_server() -> None:
        await stop.wait()
        server.should_exit = True

    stopping = asyncio.create_task(stop_server())
    try:
        await server.serve()
    except SystemExit as error:  # how uvicorn says that it could not bind
        raise StartupError(f"PORT: cannot listen on {settings.host}:{settings.port}") from error
    finally:
        stopping.cancel()


def main() -> int:
    """Run the sandbox; return the exit code."""
    settings = load_settings(SandboxSettings)
    configure_logging("sandbox", settings.log_level)
    return run(lambda stop: _serve(settings, stop))


if __name__ == "__main__":
    sys.exit(main())
