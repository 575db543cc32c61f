import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from resume_launcher.demo.inputs import read_inputs
from resume_launcher.demo.mischief import verdict
from resume_launcher.demo.products import PRODUCTS, choose
from resume_launcher.demo.render import account
from resume_launcher.demo.render.base import Known
from resume_launcher.demo.render.tailor import lines
from resume_launcher.demo.screen import Screen
from resume_launcher.errors import LauncherError

RESULT: dict[str, Any] = {
    "engine": "model",
    "degraded": False,
    "notes": [],
    "posting": {"title": "Engineer", "company": "Northwind Robotics"},
    "resume": {"basics": {"name": "A"}},
    "changes": [
        {
            "kind": "relabel",
            "section": "skills",
            "before": "Postgres",
            "after": "PostgreSQL",
            "reason": "The posting's own word.",
            "status": "applied",
        },
        {"kind": "reorder_highlights", "section": "work", "after": ["x", "y"], "status": "applied"},
        {"kind": "hide_entry", "section": "projects", "before": "Chess", "status": "proposed"},
    ],
    "blocked": [{"codes": ["quantity"]}],
    "coverage": {"before": 0.4, "after": 0.7, "ceiling": 0.8},
    "gaps": [{"question": "Have you used Kafka?"}],
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    sample = tmp_path / "deploy" / "samples" / "resume.pdf"
    sample.parent.mkdir(parents=True)
    sample.write_bytes(b"%PDF")
    return tmp_path


def test_outcome_puts_the_honest_ceiling_first_and_separates_what_is_undecided() -> None:
    text = list(lines({"result": RESULT}, Known()))
    assert text[0] == "Honest ceiling 80% for Engineer at Northwind Robotics"
    assert "Changes (2):" in text
    assert text.index("Proposed, for you to decide (1):") > text.index("Changes (2):")
    assert "      why: The posting's own word." in text
    assert text[-1] == "  ? Have you used Kafka?"


def test_outcome_says_how_the_posting_was_read() -> None:
    read = {
        "route": "page_text",
        "routes": [
            {"route": "board", "outcome": "not_applicable", "code": None},
            {"route": "json_ld", "outcome": "nothing_found", "code": None},
            {"route": "firecrawl", "outcome": "not_applicable", "code": "hidden_text"},
            {"route": "rendered", "outcome": "not_configured", "code": None},
            {"route": "page_text", "outcome": "used", "code": None},
        ],
        "expired": True,
        "hiddenRemoved": 1,
    }
    result = RESULT | {"posting": RESULT["posting"] | {"read": read}}

    text = list(lines({"result": result}, Known()))

    assert (
        "  Posting read from the page's text; without result: the page's JSON-LD (nothing found), "
        "Firecrawl (hidden text), Chromium (not configured)."
    ) in text
    assert any("time to apply is over" in line for line in text)
    assert any("the page hides was left out (1 found)" in line for line in text)


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        ({}, "nothing was paid for"),
        (
            {"calls": 1, "inputTokens": 900, "outputTokens": 100, "costUsd": 0.00052},
            "1 call, 1000 tokens, 0.0005 USD",
        ),
        (
            {"calls": 2, "costUsd": 0.5, "unpricedCalls": 1, "cachedAnswers": 1, "savedUsd": 0.25},
            (
                "2 calls, 0 tokens, 0.5000 USD and what has no known price; "
                "1 earlier answer used again, 0.2500 USD saved"
            ),
        ),
    ],
)
def test_outcome_says_what_it_cost(receipt: dict[str, Any], said: str) -> None:
    text = list(lines({"result": RESULT, "receipt": receipt}, Known()))
    assert f"  Receipt: {said}." in text


def test_account_says_what_was_spent_and_may_still_be() -> None:
    period = {"limitUsd": 0.5, "spentUsd": 0.012, "reservedUsd": 0.06, "leftUsd": 0.428}
    usage: dict[str, Any] = {
        "month": "2026-11",
        "total": {"jobs": 3, "calls": 2, "inputTokens": 900, "outputTokens": 100, "costUsd": 0.012},
        "budget": {"day": period | {"resetsAt": "2026-11-29T00:00:00Z"}, "month": None},
        "quotas": [
            {"product": "tailor_resume", "limit": 20, "windowS": 3600, "returned": 1, "left": 18}
        ],
    }
    assert list(account.lines(usage)) == [
        "Your account in 2026-11",
        "  Spent: 3 jobs, 2 calls, 1000 tokens, 0.0120 USD.",
        "  Budget: 0.4280 of 0.5000 USD a day left (0.0120 spent, 0.0600 set aside).",
        "  Orders: left in this hour 18 of 20 tailor resume (1 given back).",
    ]
    untouched = [usage["quotas"][0] | {"returned": 0, "left": 20}]
    no_limit = {"budget": {"day": None, "month": None}, "quotas": untouched}
    assert list(account.lines(usage | no_limit))[2:] == ["  Budget: no limit is set."]


def test_read_inputs_takes_the_samples_when_nothing_is_given(repository: Path) -> None:
    inputs = read_inputs({}, repository)
    assert inputs.resume.name == "resume.pdf"
    assert inputs.posting is None


def test_read_inputs_tells_address_file_and_stdin_apart(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = repository / "posting.txt"
    posting.write_text("We look for…")
    monkeypatch.setattr("sys.stdin", io.StringIO("piped"))
    found = [
        read_inputs({"POSTING": value}, repository).posting
        for value in ("https://example.com/1", str(posting), "-")
    ]
    assert found == [
        {"jobUrl": "https://example.com/1"},
        {"jobText": "We look for…"},
        {"jobText": "piped"},
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RESUME", "none.pdf"),
        ("POSTING", "none.txt"),
        ("POSTING", "ftp://x"),
        ("POSTING", "https://"),
        ("ENGINE", "magic"),
    ],
)
def test_read_inputs_names_the_variable_that_is_wrong(
    repository: Path, name: str, value: str
) -> None:
    with pytest.raises(LauncherError, match=f"^{name}: "):
        read_inputs({name: value}, repository)


def test_read_inputs_reads_a_json_resume_and_refuses_other_json(repository: Path) -> None:
    path = repository / "resume.json"
    path.write_text(json.dumps({"basics": {"name": "A"}}))
    assert read_inputs({"RESUME": str(path)}, repository).document == {"basics": {"name": "A"}}
    path.write_text("[1]")
    with pytest.raises(LauncherError, match="no JSON Resume"):
        _ = read_inputs({"RESUME": str(path)}, repository).document


@pytest.mark.parametrize(
    ("billed", "completed", "said"),
    [
        ([[True]], True, "Lost: nothing. Paid twice: 0 model calls (1 call made, 1 billed)."),
        (
            [[True, True]],
            True,
            "Lost: nothing. Paid twice: 1 model call (2 calls made, 2 billed).",
        ),
        (
            [[False, True]],
            True,
            "Lost: nothing. Paid twice: 0 model calls (2 calls made, 1 billed).",
        ),
        (
            [[True], [True], []],
            True,
            "Lost: nothing. Paid twice: 0 model calls (2 calls made, 2 billed).",
        ),
        ([[False]], False, "Lost: the job. Paid twice: 0 model calls (1 call made, 0 billed)."),
        ([], True, "Lost: nothing. Paid twice: 0 model calls (0 calls made, 0 billed)."),
    ],
)
def test_verdict_counts_what_was_paid_for_more_than_once(
    billed: list[list[bool]], said: str, *, completed: bool
) -> None:
    calls = [[{"billed": one} for one in of_job] for of_job in billed]
    assert verdict(calls, completed=completed) == said


def test_product_is_chosen_by_its_name_in_the_api() -> None:
    assert [product.name for product in choose(None)] == ["tailor"]
    assert [product.name for product in choose("")] == ["tailor"]
    assert [product.name for product in choose("career-path")] == ["career-path"]
    assert choose("all") == tuple(PRODUCTS.values())


def test_wrong_product_is_one_line_with_the_choices() -> None:
    with pytest.raises(LauncherError) as refused:
        choose("letter")
    said = str(refused.value)
    assert said.startswith("PRODUCT: ")
    assert "\n" not in said
    assert all(name in said for name in [*PRODUCTS, "all", "'letter'"])


def test_screen_keeps_to_the_width_and_has_no_colours_when_piped() -> None:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=40))
    address = "http://127.0.0.1:8080/careers/northwind-robotics/senior-backend-engineer"
    screen.show(["A heading", "  * " + "word " * 20, "", f"      {address}", "  why: " + "x " * 30])
    written = out.getvalue().splitlines()
    assert written[0] == "A heading"
    assert written[1].startswith("  * word")
    assert written[2].startswith("    word")
    assert f"      {address}" in written
    assert all(len(line) <= 40 for line in written if address not in line)
    assert "       x" in written[-1]
    assert "\x1b" not in out.getvalue()
