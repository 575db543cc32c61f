"""What Perplexity knows of a company: the question, and the answer in our terms."""

from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel

from research_svc import prompts
from research_svc.names import domain_of, is_within
from research_svc.perplexity import Form, PerplexityAgent
from research_svc.perplexity_wire import Run, parsed, storable
from research_svc.ports import Answer, Asking, CompanyFindings, CompanyQuestion
from resume_contracts.facts import RESEARCH_LIMIT, Cited, Research

#: Bytes kept free for the name that each asker's answer is given.
_NAME_BYTES: Final = 2048
_MAX_FINDINGS: Final = 8
_NOTHING: Final = "Nothing citable was found about this company."


class _Finding(BaseModel):
    text: str
    url: str


class _Answer(BaseModel):
    known: bool
    website: str = ""
    summary: str
    findings: list[_Finding]


_TEXT: Final[dict[str, Any]] = {"type": "string"}
FORM: Final = Form(
    prompts.COMPANY,
    "CompanyResearch",
    {
        "type": "object",
        "properties": {
            "known": {"type": "boolean"},
            "website": _TEXT,
            "summary": _TEXT,
            "findings": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"text": _TEXT, "url": _TEXT},
                    "required": ["text", "url"],
                    "additionalProperties": False,
                },
            },
        },
        "required": ["known", "website", "summary", "findings"],
        "additionalProperties": False,
    },
)


class CompanyResearcher:
    """`Researcher` of companies."""

    def __init__(self, agent: PerplexityAgent) -> None:
        self._agent = agent

    async def ask(self, question: CompanyQuestion, asking: Asking) -> Answer[CompanyFindings]:
        """One run; see the port."""
        asked = prompts.fence(
            {
                "company": question.name,
                "website": question.domain,
                "language": question.language,
            }
        )
        return await self._agent.run(FORM, asked, asking, partial(company_answer, question))


def company_answer(question: CompanyQuestion, run: Run) -> Answer[CompanyFindings]:
    """What a run found out, within our limit; a finding counts only with a page of the search.

    A company of another website than the user's is not the one that was asked about.

    Raises:
        AnswerError: its text is not the JSON that was asked for.
    """
    answer = parsed(_Answer, run.text)
    found = run.addresses
    cited = [
        Cited(text=storable(f.text, 600), url=f.url) for f in answer.findings if f.url in found
    ]
    website = domain_of(answer.website.lower())
    is_other = (
        question.domain is not None
        and website is not None
        and not is_within(website, question.domain)
        and not is_within(question.domain, website)
    )
    if not answer.known or not cited or is_other:
        nothing = CompanyFindings(research=Research(available=False, reason=_NOTHING))
        return Answer(nothing, is_known=False, is_sound=run.has_searched or not answer.known)
    research = Research(
        available=True,
        summary=storable(answer.summary, 2000),
        findings=tuple(cited[:_MAX_FINDINGS]),
    )
    findings = CompanyFindings(research=_within_limit(research), domain=_verified(website, found))
    return Answer(findings, is_known=True)


def _verified(website: str | None, addresses: frozenset[str]) -> str | None:
    """The website, when a page of the search is of it: the answer alone proves nothing."""
    if website is None:
        return None
    hosts = (urlsplit(address).hostname or "" for address in addresses)
    return website if any(is_within(host, website) for host in hosts) else None


def _within_limit(research: Research) -> Research:
    while research.findings and _bytes(research) > RESEARCH_LIMIT - _NAME_BYTES:
        research = research.model_copy(update={"findings": research.findings[:-1]})
    return research


def _bytes(research: Research) -> int:
    return len(research.model_dump_json().encode())
