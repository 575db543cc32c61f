"""What the outbound layer tells the outside about its attempts."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from resume_outbound.availability import ProviderState
from resume_outbound.verdict import Ending

logger = logging.getLogger(__name__)


class Observer(Protocol):
    """Hears of every attempt and state change. What it raises is logged and goes no further."""

    def attempt_started(self, provider: str) -> None:
        """An attempt is under way."""

    def attempt_finished(self, provider: str, seconds: float, ending: Ending) -> None:
        """That attempt took `seconds`; `neutral` covers our own cancellations."""

    def state_changed(self, state: ProviderState) -> None:
        """The provider's state is now this."""

    def tripped(self, provider: str) -> None:
        """The provider's circuit went from closed or half-open to open."""


class NullObserver:
    """Listens to nothing."""

    def attempt_started(self, provider: str) -> None:
        """Ignore it."""

    def attempt_finished(self, provider: str, seconds: float, ending: Ending) -> None:
        """Ignore it."""

    def state_changed(self, state: ProviderState) -> None:
        """Ignore it."""

    def tripped(self, provider: str) -> None:
        """Ignore it."""


class GuardedObserver:
    """An observer whose exceptions are logged instead of replacing a paid result."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    def attempt_started(self, provider: str) -> None:
        """Pass it on."""
        with _logged(provider):
            self._observer.attempt_started(provider)

    def attempt_finished(self, provider: str, seconds: float, ending: Ending) -> None:
        """Pass it on."""
        with _logged(provider):
            self._observer.attempt_finished(provider, seconds, ending)

    def state_changed(self, state: ProviderState) -> None:
        """Pass it on."""
        with _logged(state.provider):
            self._observer.state_changed(state)

    def tripped(self, provider: str) -> None:
        """Pass it on."""
        with _logged(provider):
            self._observer.tripped(provider)


@contextmanager
def _logged(provider: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        logger.exception("outbound.observer_failed", extra={"provider": provider})
