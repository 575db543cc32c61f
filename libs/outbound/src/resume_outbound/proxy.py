"""A forward proxy on the loopback that lets nothing through but the guard's targets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpcore2

from resume_outbound.connect import VettedConnector
from resume_outbound.guard import UrlGuard
from resume_outbound.proxy_client import ProxyClient
from resume_outbound.proxy_exchange import ProxyExchange
from resume_outbound.proxy_limits import Budget, Meter, OverBudgetError, ProxyLimits
from resume_runtime.clock import Clock, Sleep

#: Told what came of each connection: `forwarded`, `tunnelled`, or why not. Never a URL.
Observe = Callable[[str], None]


def _unobserved(_outcome: str) -> None:
    """Nobody counts."""


class GuardProxy:
    """Vets every request and tunnel, connects to the vetted address and carries bytes, capped.

    HTTP/1.1: absolute form for http, CONNECT for https; one request a connection, no upgrade.
    It refuses with 403 and `X-Guard-Code` (the guard's codes, `upgrade_refused`), 502 when the
    origin cannot be reached or breaks, 503 `proxy_busy` or `proxy_over_budget`; what exceeds a cap
    half-way is cut.
    """

    def __init__(
        self,
        guard: UrlGuard,
        *,
        limits: ProxyLimits,
        clock: Clock,
        sleep: Sleep,
        host: str = "127.0.0.1",
        port: int = 0,
        backend: httpcore2.AsyncNetworkBackend | None = None,
        observe: Observe = _unobserved,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._host = host
        self._port = port
        self._observe = observe
        self._budget = Budget(limits, clock)
        connector = VettedConnector(timeout=limits.connect, backend=backend)
        self._exchange = ProxyExchange(guard, connector)
        self._open: set[asyncio.Task[None]] = set()
        self._url: str | None = None

    @property
    def url(self) -> str:
        """Where it listens, for a client's or Chromium's settings.

        Raises:
            RuntimeError: it is not running.
        """
        if self._url is None:
            raise RuntimeError("the proxy is not running")
        return self._url

    @asynccontextmanager
    async def running(self) -> AsyncIterator["GuardProxy"]:
        """Listen until the end of the block; then every connection is cut.

        Raises:
            OSError: the port is taken.
        """
        server = await asyncio.start_server(self._accept, self._host, self._port)
        self._url = f"http://{self._host}:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self._url = None
            server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)
            await server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._connection(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        meter = Meter(self._limits, self._budget, self._clock, self._sleep)
        client = ProxyClient(reader, writer, meter)
        try:
            self._observe(await self._within_time(client, meter))
        except OverBudgetError:
            self._observe("proxy_over_budget")
        except ConnectionError:
            self._observe("client_gone")
        finally:
            # Not close(): a client that does not read would keep the buffer, and us, for ever.
            if writer.transport.get_write_buffer_size():
                writer.transport.abort()
            writer.close()

    async def _within_time(self, client: ProxyClient, meter: Meter) -> str:
        work = asyncio.ensure_future(self._serve(client, meter))
        alarm = asyncio.ensure_future(meter.expire())
        try:
            await asyncio.wait({work, alarm}, return_when=asyncio.FIRST_COMPLETED)
            return work.result() if work.done() else "timed_out"
        finally:
            work.cancel()
            alarm.cancel()
            await asyncio.gather(work, alarm, return_exceptions=True)

    async def _serve(self, client: ProxyClient, meter: Meter) -> str:
        busy = "proxy_busy" if len(self._open) > self._limits.max_connections else None
        if self._budget.is_spent():
            busy = "proxy_over_budget"
        if busy is None:
            return await self._exchange.serve(client, meter)
        await client.refuse(503, busy)
        return busy
