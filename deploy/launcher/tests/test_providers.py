"""Which process is told of which provider, and what the person is asked before anything is sent."""

import json
from collections.abc import Mapping

import pytest

from resume_launcher.demo import mischief, run
from resume_launcher.errors import LauncherError
from resume_launcher.providers import Providers, Recipient
from resume_launcher.settings import StackSettings

ENDPOINTS = json.dumps(
    [
        {"name": "near", "base_url": "http://me:pw@localhost:11434/v1", "model": "llama3.3"},
        {"name": "far", "key_variable": "GROQ_KEY", "model": "gpt-4.1-mini"},
    ]
)
EVERYTHING = {
    "MODEL_ENDPOINTS": ENDPOINTS,
    "GROQ_KEY": "gsk-real",
    "OPENAI_API_KEY": "sk-unused",
    "PERPLEXITY_API_KEY": "pplx-real",
    "PERPLEXITY_MODEL": "perplexity/sonar",
    "FIRECRAWL_API_KEY": "fc-real",
    "FIRECRAWL_CREDIT_USD": "0.001",
    "LANG": "C.UTF-8",
}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, {}),
        ({"OPENAI_MODEL": "x", "FIRECRAWL_BASE_URL": "https://y.example"}, {}),
        (
            EVERYTHING,
            {
                "tailor": {"MODEL_ENDPOINTS": ENDPOINTS, "GROQ_KEY": "gsk-real"},
                "research": {
                    "PERPLEXITY_API_KEY": "pplx-real",
                    "PERPLEXITY_MODEL": "perplexity/sonar",
                },
                "extract": {"FIRECRAWL_API_KEY": "fc-real", "FIRECRAWL_CREDIT_USD": "0.001"},
            },
        ),
        (
            {"OPENAI_API_KEY": "sk-a", "OPENAI_BASE_URL": "https://z.example/v1"},
            {"tailor": {"OPENAI_API_KEY": "sk-a", "OPENAI_BASE_URL": "https://z.example/v1"}},
        ),
    ],
)
def test_each_process_is_told_of_its_own_providers(
    environ: Mapping[str, str], expected: Mapping[str, Mapping[str, str]]
) -> None:
    providers = Providers.read(environ)
    for process in ("tailor", "research", "extract", "gateway-api", "sandbox"):
        own = expected.get(process)
        test_mode = "true" if own is None else "false"
        assert providers.of(process) == {"TEST_MODE": test_mode, **(own or {})}


def test_nobody_else_sees_a_key_whatever_its_variable_is_called() -> None:
    assert Providers.read(EVERYTHING).others(EVERYTHING) == {"LANG": "C.UTF-8"}


def test_recipients_are_the_hosts_that_are_asked() -> None:
    assert Providers.read(EVERYTHING).recipients == (
        Recipient("localhost:11434", "the resume and the posting (model llama3.3)"),
        Recipient("api.openai.com", "the resume and the posting (model gpt-4.1-mini)"),
        Recipient(
            "api.perplexity.ai",
            "the company's name; for a career path the occupation and the place",
        ),
        Recipient("api.firecrawl.dev", "the posting's address"),
    )


def test_summary_changes_with_every_variable_and_shows_no_key() -> None:
    summaries = {Providers.read({}).summary(), Providers.read(EVERYTHING).summary()}
    for name in ("GROQ_KEY", "PERPLEXITY_API_KEY", "FIRECRAWL_CREDIT_USD"):
        summaries.add(Providers.read(EVERYTHING | {name: "0.5"}).summary())
    assert len(summaries) == 5
    assert not [text for text in summaries if "real" in text or "me:pw" in text]


@pytest.mark.parametrize("value", ["gpt", "[]", "{}", '[{"name": "a"}]'])
def test_wrong_list_is_one_line(value: str) -> None:
    with pytest.raises(LauncherError, match=r"^MODEL_ENDPOINTS is no JSON list"):
        Providers.read({"MODEL_ENDPOINTS": value})


@pytest.mark.parametrize("name", ["KILL", "BREAK"])
def test_nothing_is_broken_or_counted_at_a_model_of_ones_own(name: str) -> None:
    mischief.check({name: "x"}, Providers.read({"PERPLEXITY_API_KEY": "pplx-real"}))
    mischief.check({}, Providers.read(EVERYTHING))
    with pytest.raises(LauncherError, match=f"^{name} "):
        mischief.check({name: "x"}, Providers.read(EVERYTHING))


def test_person_is_told_who_gets_what_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "agreed", lambda _: False)
    run.consent(StackSettings.read({}))
    with pytest.raises(LauncherError) as caught:
        run.consent(StackSettings.read(EVERYTHING))
    for host in ("localhost:11434", "api.openai.com", "api.perplexity.ai", "api.firecrawl.dev"):
        assert f" to {host}" in str(caught.value)
    assert "real" not in str(caught.value)
