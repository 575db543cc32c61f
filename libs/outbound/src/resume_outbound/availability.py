"""Whether a provider may be called: what the messaging gate and the read path look at."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

logger = logging.getLogger(__name__)

StateKind = Literal["closed", "open", "half_open", "paused"]


@dataclass(frozen=True, slots=True)
class ProviderState:
    """A provider's state. Until `until` (monotonic seconds) no call may start; None: one may now.

    `half_open` with an `until` has its one probe under way; the outcome usually comes earlier.
    """

    provider: str
    kind: StateKind
    until: float | None = None


StateListener = Callable[[ProviderState], None]


class StateFeed:
    """Tells listeners of changes. A listener that raises is logged and hurts nobody."""

    def __init__(self) -> None:
        self._listeners: list[StateListener] = []

    def subscribe(self, listener: StateListener) -> Callable[[], None]:
        """Add a listener; the returned function removes it and may be called twice."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def publish(self, state: ProviderState) -> None:
        """Call every listener, in order of subscription."""
        for listener in tuple(self._listeners):
            try:
                listener(state)
            except Exception:
                logger.exception("outbound.listener_failed", extra={"provider": state.provider})
