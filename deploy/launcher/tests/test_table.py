from collections.abc import Mapping
from pathlib import Path

import pytest

from resume_launcher.errors import LauncherError
from resume_launcher.folders import Folders
from resume_launcher.settings import StackSettings
from resume_launcher.supervisor import table


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path, tmp_path / "state", tmp_path / "stack.json")


def environments(folders: Folders, environ: Mapping[str, str]) -> dict[str, dict[str, str]]:
    addresses = table.Addresses(table.stack_ports(folders), "amqp://x", "postgresql://x")
    settings = StackSettings.read(environ)
    return {row.name: table.environment(row, addresses, settings, folders) for row in table.ROWS}


def test_environment_gives_a_real_key_to_the_process_that_calls_it(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {
        "OPENAI_API_KEY": "sk-real",
        "PERPLEXITY_API_KEY": "pplx-real",
        "FIRECRAWL_API_KEY": "fc-real",
    }
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    found = environments(folders, keys)
    for key, process in (("sk-real", "tailor"), ("pplx-real", "research"), ("fc-real", "extract")):
        assert [name for name, env in found.items() if key in env.values()] == [process]
        assert found[process]["TEST_MODE"] == "false"


def test_environment_keeps_the_variable_that_an_endpoint_names(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {
        "MODEL_ENDPOINTS": '[{"name": "a", "key_variable": "A_KEY", "model": "m"}]',
        "A_KEY": "secret",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = environments(folders, environ)
    assert [name for name, env in found.items() if "A_KEY" in env] == ["tailor"]
    assert [name for name, env in found.items() if "MODEL_ENDPOINTS" in env] == ["tailor"]


def test_environment_points_everybody_at_the_sandbox_without_a_key(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.example/v1")
    for env in environments(folders, {}).values():
        assert env["TEST_MODE"] == "true"
        assert env["SANDBOX_URL"].startswith("http://127.0.0.1:")
        assert "OPENAI_BASE_URL" not in env


def test_environment_allows_fetches_from_the_sandbox_and_nothing_else(folders: Folders) -> None:
    extract = environments(folders, {})["extract"]
    assert f"http://{extract['FETCH_ALLOW']}" == extract["SANDBOX_URL"]


def test_environment_keeps_loopback_off_a_proxy(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "internal.example")
    for env in environments(folders, {}).values():
        assert env["NO_PROXY"] == env["no_proxy"] == "internal.example,127.0.0.1,localhost"


def test_environment_gives_every_process_a_port_of_its_own(folders: Folders) -> None:
    found = environments(folders, {}).values()
    ports = [env[key] for env in found for key in ("PORT", "OPS_PORT") if key in env]
    assert len(ports) == len(set(ports)) == 10


def test_rows_wait_only_for_what_there_is() -> None:
    known = {row.name for row in table.ROWS} | {table.MIGRATIONS, table.RABBITMQ, table.POSTGRES}
    assert all(row.needs <= known for row in table.ROWS)


def test_replicas_of_tailor_share_its_limits(folders: Folders) -> None:
    """Three processes with a port each, told that they are three; everybody else is one."""
    settings = StackSettings.read({"REPLICAS": "3", "OPENAI_API_KEY": "sk-real"})
    rows = table.rows(settings)
    assert [row.name for row in rows[-3:]] == ["tailor", "tailor-2", "tailor-3"]
    addresses = table.Addresses(table.stack_ports(folders, rows), "amqp://x", "postgresql://x")
    told = {row.name: table.environment(row, addresses, settings, folders) for row in rows}
    assert [name for name, env in told.items() if env["REPLICAS"] == "3"] == [
        "tailor",
        "tailor-2",
        "tailor-3",
    ]
    assert {told[name]["OPENAI_API_KEY"] for name in ("tailor", "tailor-2")} == {"sk-real"}
    ports = [env["OPS_PORT"] for env in told.values() if "OPS_PORT" in env]
    assert len(set(ports)) == len(ports)


@pytest.mark.parametrize("value", ["0", "11", "many", "-1"])
def test_replicas_must_be_a_small_number(value: str) -> None:
    with pytest.raises(LauncherError, match="REPLICAS"):
        StackSettings.read({"REPLICAS": value})
