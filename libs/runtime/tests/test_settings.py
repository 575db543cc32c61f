import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, SecretStr

from resume_runtime.settings import EXIT_CONFIG, ApiKey, ServiceSettings, load_settings


class ExampleSettings(ServiceSettings):
    api_key: SecretStr = Field(description="the provider's key")
    model_key: ApiKey | None = None


GOOD = {
    "DATABASE_URL": "postgres://u:p@db:5432/app",
    "AMQP_URL": "amqps://u:p@broker/vhost",
    "API_KEY": "k",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ExampleSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def refusal(capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit) as caught:
        load_settings(ExampleSettings)
    assert caught.value.code == EXIT_CONFIG == 78
    return capsys.readouterr().err.splitlines()


def test_settings_are_read_by_upper_case_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICAS", "3")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("SOMETHING_ELSE", "ignored")
    settings = load_settings(ExampleSettings)
    assert settings.database_url == "postgresql://u:p@db:5432/app"
    assert (settings.replicas, settings.log_level) == (3, "DEBUG")
    assert (settings.job_deadline_s, settings.grace_s) == (420.0, 120.0)


def test_settings_take_an_empty_variable_for_an_unset_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPLICAS", "")
    assert load_settings(ExampleSettings).replicas == 1
    monkeypatch.setenv("API_KEY", "")
    assert refusal(capsys) == ["API_KEY is not set (the provider's key)"]


def test_settings_name_every_missing_variable_in_one_line_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("API_KEY")
    lines = refusal(capsys)
    assert [line.split()[0] for line in lines] == ["DATABASE_URL", "API_KEY"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://u:hunter2@db/app"),
        ("DATABASE_URL", "postgresql://u:hunter2@db:port/app"),
        ("DATABASE_URL", "postgresql:///hunter2"),
        ("AMQP_URL", "http://u:hunter2@broker/"),
        ("REPLICAS", "hunter2"),
        ("REPLICAS", "0"),
        ("VALKEY_URL", "hunter2:6379"),
        ("VALKEY_URL", "valkey://"),
        ("VALKEY_URL", "valkey://h/hunter2"),
        ("OPS_PORT", "70000"),
        ("LOG_LEVEL", "hunter2"),
        ("TEST_MODE", "hunter2"),
    ],
)
def test_settings_name_a_wrong_variable_and_not_its_value(
    variable: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    (line,) = refusal(capsys)
    assert line.startswith(f"{variable}: ")
    assert "hunter2" not in line


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
def test_settings_never_fail_with_a_stack_trace(value: str) -> None:
    """Whatever stands in a variable, it is read or refused with the exit code."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "AMQP_URL", "REPLICAS", "GRACE_S"):
            patch.setenv(name, f"postgresql://{value}" if name == "DATABASE_URL" else value)
        with pytest.raises(SystemExit) as caught:
            load_settings(ExampleSettings)
    assert caught.value.code == EXIT_CONFIG


def test_settings_in_test_mode_must_know_the_sandbox(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TEST_MODE", "true")
    (line,) = refusal(capsys)
    assert line.startswith("SANDBOX_URL: must be set when TEST_MODE is true")

    monkeypatch.setenv("SANDBOX_URL", "http://sandbox:8090")
    assert load_settings(ExampleSettings).sandbox_url == "http://sandbox:8090"
    monkeypatch.setenv("SANDBOX_URL", "sandbox")
    (line,) = refusal(capsys)
    assert line.startswith("SANDBOX_URL: ")


def test_settings_forgive_a_line_break_after_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_KEY", " sk-1\n")
    key = load_settings(ExampleSettings).model_key
    assert key is not None
    assert key.get_secret_value() == "sk-1"


@pytest.mark.parametrize("key", ["sk 1", "sk\n1", "clé", "sk\x7f"])
def test_settings_refuse_a_key_that_no_header_can_hold(
    key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODEL_KEY", key)
    assert refusal(capsys) == ["MODEL_KEY: has characters that no key has"]
