"""Providers that are as somebody says, for scenarios and tests of the gate."""

from collections.abc import Callable

from resume_messaging.core.ports import ProviderState
from resume_messaging.sim.provider import BreakerState

#: The provider of the paid stage.
PROVIDER = "openai"


class ScriptedAvailability:
    """`Availability` by hand."""

    def __init__(self) -> None:
        self._states: dict[str, BreakerState] = {}
        self._listeners: list[Callable[[ProviderState], None]] = []

    def set(self, kind: str, *, until: float | None = None, provider: str = PROVIDER) -> None:
        """Change a provider's state and tell it."""
        state = self._states[provider] = BreakerState(provider, kind, until)
        for listener in tuple(self._listeners):
            listener(state)

    def state(self, provider: str) -> BreakerState:
        """The state now; closed unless it was said to be otherwise."""
        return self._states.get(provider, BreakerState(provider, "closed", None))

    def blocked_until(self, provider: str) -> float | None:
        """Open or paused without a time is for ever."""
        state = self.state(provider)
        if state.kind in {"open", "paused"} and state.until is None:
            return float("inf")
        return state.until

    def subscribe(self, listener: Callable[[ProviderState], None]) -> Callable[[], None]:
        """Tell `listener` every change."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
