"""An operator's variables over the playbook's table."""

import pytest

from resume_outbound.policy import playbook_policies
from resume_outbound.settings import load_policies
from resume_runtime.settings import EXIT_CONFIG


def test_policies_are_the_playbooks_when_nothing_is_set() -> None:
    assert load_policies(playbook_policies()) == playbook_policies()


def test_policies_take_what_is_set_and_leave_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_MAX_CONCURRENT", "4")
    monkeypatch.setenv("OPENAI_TIMEOUT", "45.5")
    monkeypatch.setenv("OPENAI_RETRIES", "0")
    monkeypatch.setenv("OPENAI_THRESHOLD", "7")
    monkeypatch.setenv("OPENAI_RECOVERY", "")  # empty is unset
    policies = load_policies(("openai", "perplexity"))
    policy = policies["openai"]
    assert (policy.max_concurrent, policy.timeout, policy.retries) == (4, 45.5, 0)
    assert (policy.threshold, policy.window, policy.recovery, policy.total) == (7, 60, 30, 120)
    assert policies["perplexity"] == playbook_policies()["perplexity"]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("OPENAI_MAX_CONCURRENT", "0", "greater than or equal to 1"),
        ("OPENAI_TIMEOUT", "600", "less than or equal to 120"),
        ("OPENAI_TIMEOUT", "4", "greater than or equal to 5"),
        ("OPENAI_RETRIES", "many", "valid integer"),
        ("OPENAI_THRESHOLD", "-1", "greater than or equal to 1"),
        ("OPENAI_RECOVERY", "inf", "less than or equal to 3600"),
        ("OPENAI_RECOVERY", "nan", "less than or equal to 3600"),
    ],
)
def test_policies_refuse_a_wrong_variable_in_one_line(
    variable: str,
    value: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as stopped:
        load_policies(("openai",))
    assert stopped.value.code == EXIT_CONFIG
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{variable}: ")
    assert said in lines[0]
