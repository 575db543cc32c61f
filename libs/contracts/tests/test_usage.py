"""Bills add up by provider and model, and what is used again is a saving."""

from resume_contracts.messages import Usage
from resume_contracts.usage import spared, together

ONE = Usage(provider="openai", model="m", calls=1, input_tokens=10, output_tokens=2, cost_usd=0.5)
CREDITS = Usage(provider="firecrawl", calls=1, credits=3)
UNPRICED = Usage(provider="openai", model="m", calls=1)


def test_lines_of_one_provider_and_model_are_one() -> None:
    both = together([ONE, CREDITS, ONE])
    assert both == (
        ONE.model_copy(
            update={"calls": 2, "input_tokens": 20, "output_tokens": 4, "cost_usd": 1.0}
        ),
        CREDITS,
    )


def test_unknown_cost_hides_the_sum() -> None:
    (line,) = together([ONE, UNPRICED])
    assert (line.calls, line.cost_usd) == (2, None)


def test_every_number_of_a_line_is_added() -> None:
    whose = {"provider", "model"}
    numbers = dict.fromkeys(Usage.model_fields.keys() - whose, 2)
    (line,) = together([Usage.model_validate({"provider": "p", **numbers})] * 3)
    assert {getattr(line, name) for name in numbers} == {6}


def test_what_is_used_again_is_spared_and_costs_nothing() -> None:
    (line,) = spared([ONE])
    assert (line.calls, line.input_tokens, line.output_tokens, line.cost_usd) == (0, 0, 0, 0)
    assert (line.cached_answers, line.saved_tokens, line.saved_usd) == (1, 12, 0.5)
    assert spared([line]) == (line,)
    assert spared([Usage(provider="openai")]) == ()
    assert spared([UNPRICED])[0].saved_usd == 0
