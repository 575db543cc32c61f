"""What the service knows and can find out; the one way to it for handlers."""

from research_svc.names import tidy
from research_svc.ports import (
    Answers,
    Asking,
    CompanyFindings,
    CompanyQuestion,
    SalaryFindings,
    SalaryQuestion,
)
from resume_contracts.facts import Research


class Library:
    """Companies and pay, from the shared cache or from the provider.

    Both raise what `SharedCache.get` raises.
    """

    def __init__(
        self,
        companies: Answers[CompanyQuestion, CompanyFindings],
        salaries: Answers[SalaryQuestion, SalaryFindings],
    ) -> None:
        self._companies = companies
        self._salaries = salaries

    async def company(self, question: CompanyQuestion, asking: Asking) -> Research:
        """What is known of a company, under the asker's own spelling of its name."""
        entry = await self._companies.get(question, asking)
        return entry.value.research.model_copy(update={"company": question.name})

    async def salary_for(self, title: str, region: str, asking: Asking) -> SalaryFindings:
        """Published pay for an occupation in a region; empty for what is no name of one."""
        tidied, where = tidy(title), tidy(region)
        if tidied is None or where is None:
            return SalaryFindings()
        return (await self._salaries.get(SalaryQuestion(tidied, where), asking)).value
