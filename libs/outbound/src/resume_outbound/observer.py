"""What the outbound layer tells the outside about its calls."""

import logging
from typing import Protocol

from resume_outbound.availability import ProviderState
from resume_outbound.verdict import CallEnding, Ending, Waste

logger = logging.getLogger(__name__)


class Observer(Protocol):
    """Hears of every attempt and state change. What it raises is logged and goes no further."""

    def attempt_started(self, provider: str) -> None:
        """An attempt is under way."""

    def attempt_finished(self, provider: str, seconds: float, ending: Ending) -> None:
        """That attempt took `seconds`; `neutral` covers our own cancellations."""

    def attempt_wasted(self, provider: str, cause: Waste) -> None:
        """That attempt may have been paid for and gave nothing."""

    def call_finished(self, provider: str, ending: CallEnding) -> None:
        """A call is over, with all its attempts."""

    def retried(self, provider: str) -> None:
        """A call will be attempted once more."""

    def retry_denied(self, provider: str) -> None:
        """A call ended because its provider's retry budget is spent."""

    def paused(self, provider: str) -> None:
        """All callers pause: the provider said 429."""

    def probed(self, provider: str) -> None:
        """The one probe of a half-open circuit starts."""

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

    def attempt_wasted(self, provider: str, cause: Waste) -> None:
        """Ignore it."""

    def call_finished(self, provider: str, ending: CallEnding) -> None:
        """Ignore it."""

    def retried(self, provider: str) -> None:
        """Ignore it."""

    def retry_denied(self, provider: str) -> None:
        """Ignore it."""

    def paused(self, provider: str) -> None:
        """Ignore it."""

    def probed(self, provider: str) -> None:
        """Ignore it."""

    def state_changed(self, state: ProviderState) -> None:
        """Ignore it."""

    def tripped(self, provider: str) -> None:
        """Ignore it."""


class GuardedObserver:
    """An observer whose exceptions are logged instead of replacing a paid result."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._guarded = _Logged()

    def attempt_started(self, provider: str) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.attempt_started(provider)

    def attempt_finished(self, provider: str, seconds: float, ending: Ending) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.attempt_finished(provider, seconds, ending)

    def attempt_wasted(self, provider: str, cause: Waste) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.attempt_wasted(provider, cause)

    def call_finished(self, provider: str, ending: CallEnding) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.call_finished(provider, ending)

    def retried(self, provider: str) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.retried(provider)

    def retry_denied(self, provider: str) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.retry_denied(provider)

    def paused(self, provider: str) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.paused(provider)

    def probed(self, provider: str) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.probed(provider)

    def state_changed(self, state: ProviderState) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.state_changed(state)

    def tripped(self, provider: str) -> None:
        """Pass it on."""
        with self._guarded:
            self._observer.tripped(provider)


class _Logged:
    """Swallows exceptions of its body and logs them; holds no state, so one does for all."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _traceback: object) -> bool:
        if not isinstance(error, Exception):
            return False
        logger.error("outbound.observer_failed", exc_info=error)
        return True
