"""What Perplexity finds of published pay: the question, and the answer in our terms."""

import json
from functools import partial
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from research_svc import prompts
from research_svc.pay_evidence import is_stated
from research_svc.perplexity import Form, PerplexityAgent
from research_svc.perplexity_wire import Run, parsed, storable
from research_svc.ports import Answer, Asking, SalaryFigure, SalaryFindings, SalaryQuestion
from resume_runtime.clock import Clock

_MAX_FIGURES: Final = 8
_OLDEST_YEAR: Final = 2000

_TEXT: Final[dict[str, Any]] = {"type": "string"}
_NUMBER: Final[dict[str, Any]] = {"type": "number"}
_PROPERTIES: Final[dict[str, Any]] = {
    "occupation": _TEXT,
    "low": _NUMBER,
    "high": _NUMBER,
    "currency": _TEXT,
    "period": {"type": "string", "enum": ["year", "month", "week", "day", "hour"]},
    "region": _TEXT,
    "date": _TEXT,
    "sample_size": {"type": "integer"},
    "url": _TEXT,
}
FORM: Final = Form(
    prompts.SALARY,
    "SalaryResearch",
    {
        "type": "object",
        "properties": {
            "known": {"type": "boolean"},
            "figures": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": _PROPERTIES,
                    "required": list(_PROPERTIES),
                    "additionalProperties": False,
                },
            },
        },
        "required": ["known", "figures"],
        "additionalProperties": False,
    },
)


class _Answer(BaseModel):
    known: bool
    figures: list[dict[str, Any]]


class SalaryResearcher:
    """`Researcher` of pay."""

    def __init__(self, agent: PerplexityAgent, clock: Clock) -> None:
        self._agent = agent
        self._clock = clock

    async def ask(self, question: SalaryQuestion, asking: Asking) -> Answer[SalaryFindings]:
        """One run; see the port."""
        text = prompts.fence({"occupation": question.title, "region": question.region})
        return await self._agent.run(
            FORM, text, asking, partial(salary_answer, question, clock=self._clock)
        )


def salary_answer(question: SalaryQuestion, run: Run, *, clock: Clock) -> Answer[SalaryFindings]:
    """The figures that state everything, and that their page says: `pay_evidence`.

    Raises:
        AnswerError: its text is not the JSON that was asked for.
    """
    answer = parsed(_Answer, run.text)
    pages, today = run.pages, clock.now().date()
    figures = [
        figure
        for figure in map(_figure, answer.figures)
        if figure is not None
        and figure.low <= figure.high
        and figure.url in pages
        and figure.as_of.year >= _OLDEST_YEAR
        and figure.as_of <= today
        and is_stated(figure, question, pages[figure.url])
    ]
    is_known = answer.known and bool(figures)
    findings = SalaryFindings(figures=tuple(figures[:_MAX_FIGURES]) if is_known else ())
    return Answer(findings, is_known=is_known, is_sound=run.has_searched or not answer.known)


def _figure(stated: dict[str, Any]) -> SalaryFigure | None:
    """A figure; None when it lacks anything or has it in another form."""
    try:
        # Strict, as JSON: a date is one in words, a count no truth value.
        document = json.dumps({**stated, "as_of": stated.get("date")})
        figure = SalaryFigure.model_validate_json(document, strict=True)
    except ValidationError:
        return None
    words = {name: storable(getattr(figure, name), 200) for name in ("occupation", "region")}
    return figure.model_copy(update=words)
