"""How long to wait before a process that died is started again."""

from dataclasses import dataclass

FIRST_S = 0.5
LONGEST_S = 30.0
#: A process that ran this long starts from the first delay again.
SETTLED_S = 60.0


@dataclass(slots=True)
class Backoff:
    """Doubles from half a second to half a minute."""

    _next_s: float = FIRST_S

    def after(self, lived_s: float) -> float:
        """Seconds to wait after a process that lived for `lived_s`."""
        if lived_s >= SETTLED_S:
            self._next_s = FIRST_S
        delay, self._next_s = self._next_s, min(self._next_s * 2, LONGEST_S)
        return delay
