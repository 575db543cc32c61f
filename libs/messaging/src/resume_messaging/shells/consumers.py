"""Whether a consumer is alive, which no public face of the client library tells."""

from typing import Any


def is_consuming(queue: Any, tag: str | None) -> bool:
    """Whether the consumer `tag` of a robust queue is there on an open channel."""
    if queue is None or tag is None or queue.channel.is_closed:
        return False
    opened = queue.channel._channel  # noqa: SLF001  the only place that knows live consumers
    return opened is not None and not opened.channel.is_closed and tag in opened.channel.consumers
