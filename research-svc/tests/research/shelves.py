"""A shelf in memory, with the port's meaning, for tests of the cache's logic."""

from research_svc.ports import Answer, Asking, Entry
from resume_contracts.messages import Usage
from resume_messaging.core.ports import StoreUnavailableError
from resume_runtime.clock import Sleep


class MemoryShelf:
    """`Shelf` of strings asked for by strings."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry[str]] = {}
        self.is_down = False
        self.is_read_only = False

    def key(self, question: str) -> bytes:
        return question.encode()

    async def read(self, question: str) -> Entry[str] | None:
        if self.is_down:
            raise StoreUnavailableError
        return self.entries.get(question)

    async def write(self, question: str, entry: Entry[str]) -> None:
        if self.is_down or self.is_read_only:
            raise StoreUnavailableError
        self.entries[question] = entry


class SlowResearcher:
    """Answers after `seconds`, or raises; `asked` is what it was asked and paid for."""

    def __init__(self, sleep: Sleep, seconds: float = 3.0) -> None:
        self._sleep = sleep
        self.seconds = seconds
        self.answer: Answer[str] | Exception = Answer("found", is_known=True)
        self.asked: list[str] = []

    async def ask(self, question: str, asking: Asking) -> Answer[str]:
        self.asked.append(question)
        asking.start_call()
        await self._sleep(self.seconds)
        if isinstance(self.answer, Exception):
            raise self.answer
        asking.bill.append(Usage(provider="perplexity", calls=1, cost_usd=0.25))
        return self.answer
