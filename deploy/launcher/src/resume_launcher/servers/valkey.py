"""A private Valkey (or Redis) that keeps nothing: own port, own password, loopback only."""

import asyncio
import secrets
import shutil
from pathlib import Path

from resume_launcher.errors import MissingProgramError, StartError
from resume_launcher.servers.account import Account
from resume_launcher.servers.child import Child
from resume_launcher.servers.environment import server_environment

#: Debian has one or the other, or both, by release.
PROGRAMS = ("valkey-server", "redis-server")
START_TIMEOUT_S = 10.0
POLL_S = 0.05


def find_program() -> str:
    """The name of the installed server's program.

    Raises:
        MissingProgramError: neither is installed.
    """
    for program in PROGRAMS:
        if shutil.which(program) is not None:
            return program
    raise MissingProgramError("neither Valkey nor Redis is installed (looked for valkey-server)")


class ValkeyServer:
    """Runs a server in `state_dir`; its keys end with it."""

    def __init__(
        self,
        state_dir: Path,
        *,
        port: int,
        program: str | None = None,
        eviction: str = "noeviction",
    ) -> None:
        """`program` is looked for when it is not given; `eviction`: the maxmemory-policy."""
        self._state = state_dir
        self._port = port
        self._program = program
        self._eviction = eviction
        self._password = secrets.token_hex(16)
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """Where clients connect; contains the password."""
        return f"valkey://:{self._password}@127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """The server's process, when it was started."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """Start it, empty, and wait until it takes connections.

        Raises:
            MissingProgramError: it is not installed.
            StartError: it did not answer in time, or ended.
        """
        account = Account(None)
        account.folder(self._state)
        config = self._state / "valkey.conf"
        account.write(
            config,
            f"bind 127.0.0.1\nport {self._port}\nrequirepass {self._password}\n"
            f'save ""\nappendonly no\nmaxmemory-policy {self._eviction}\ndir {self._state}\n',
        )
        self._child = await Child.spawn(
            "valkey",
            account.command(self._program or find_program(), config),
            env=server_environment(self._state),
            log=self._state / "valkey.log",
        )
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                while not await _listens(self._port):
                    if self._child.exit_code is not None:
                        raise StartError("valkey", "ended while it was starting")
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise StartError("valkey", f"did not answer in {START_TIMEOUT_S:.0f} s") from None

    async def kill(self) -> None:
        """End it at once; nothing when it does not run."""
        if self._child is not None:
            await self._child.kill()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
