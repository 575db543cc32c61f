"""What replicas tell each other over Valkey's channel of their service."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis

from resume_outbound.fleet_scripts import BEAT_S
from resume_outbound.fleet_server import AWAY
from resume_runtime.clock import Sleep

logger = logging.getLogger(__name__)

#: How long the connection is silent before it is looked at again.
LISTEN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class News:
    """`free`: a slot was given back. The others are a circuit's; `seconds`: for how long."""

    kind: Literal["free", "opened", "closed", "paused"]
    provider: str
    member: str
    seconds: float = 0.0


_NEWS = TypeAdapter(News)


def encode(news: News) -> bytes:
    """As it is published."""
    return _NEWS.dump_json(news)


class Listener:
    """Hears the news, and connects anew for as long as it runs. `ready` once it has listened."""

    def __init__(
        self, client: "Redis", channel: str, hear: Callable[[News], None], sleep: Sleep
    ) -> None:
        self.ready = asyncio.Event()
        self._client = client
        self._channel = channel
        self._hear = hear
        self._sleep = sleep

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            with suppress(*AWAY):
                async with self._client.pubsub(ignore_subscribe_messages=True) as listener:
                    await listener.subscribe(self._channel)
                    self.ready.set()
                    while True:
                        message = await listener.get_message(timeout=LISTEN_S)
                        if message is not None:
                            self._read(message["data"])
            await self._sleep(BEAT_S)

    def _read(self, text: str) -> None:
        try:
            news = _NEWS.validate_json(text)
        except ValidationError:
            logger.warning("outbound.fleet_news_unreadable")
            return
        self._hear(news)
