"""`Fetch` through the safe fetcher, as one more provider: slots, deadline and retries are ours."""

from resume_outbound.call import Outbound
from resume_outbound.fetch import Page, SafeFetcher
from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.verdict import Verdict

PROVIDER = "web"


class WebFetch:
    """Pages of users' choosing. A dead site is the user's news and never opens the circuit."""

    def __init__(self, fetcher: SafeFetcher, outbound: Outbound) -> None:
        self._fetcher = fetcher
        self._outbound = outbound

    async def get(self, url: str, *, deadline: float) -> Page:
        """See the port."""
        return await self._outbound.call(
            PROVIDER, lambda: self._fetcher.get(url), deadline=deadline, classify=_classify
        )


def _classify(error: BaseException) -> Verdict | None:
    if isinstance(error, FetchRefusedError):
        return Verdict.neutral(retry=error.retryable)
    return None
