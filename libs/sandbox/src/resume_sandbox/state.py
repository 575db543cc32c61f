"""Everything that the control interface can change, in one place."""

from collections.abc import Callable
from uuid import UUID

from resume_runtime.clock import Clock, Sleep
from resume_sandbox.faults import FaultBook
from resume_sandbox.ledger import Ledger
from resume_sandbox.prompt_cache import PromptCache
from resume_sandbox.routes import MODEL_ROUTES, LatencyName
from resume_sandbox.settings import Mode, SandboxSettings


class SandboxState:
    """Mode, latencies, fault scripts and the ledger of one running sandbox.

    `lie_classes` names the only lies to tell in lying mode; empty: all, in rotation.
    """

    def __init__(
        self, settings: SandboxSettings, clock: Clock, sleep: Sleep, new_id: Callable[[], UUID]
    ) -> None:
        self._settings = settings
        self.clock = clock
        self.sleep = sleep
        self.new_id = new_id
        self.faults = FaultBook(clock)
        self.reset()

    def reset(self) -> None:
        """Back to what the settings say, with an empty ledger.

        Calls that still run stay in the old ledger and count in no concurrency of the new one.
        """
        initial = self._settings.sandbox_latency_ms
        self.mode: Mode = self._settings.sandbox_mode
        self.lie_classes: tuple[str, ...] = ()
        self.latency_ms: dict[LatencyName, int] = dict.fromkeys(MODEL_ROUTES, initial)
        self.prompts = PromptCache()
        #: Digests of the JSON schemas that Perplexity's stand-in has seen.
        self.compiled_schemas: set[bytes] = set()
        self.faults.clear()
        self.ledger = Ledger(self.clock)
