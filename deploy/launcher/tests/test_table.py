from collections.abc import Mapping
from pathlib import Path

import pytest

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


def test_environment_gives_a_real_key_to_tailor_alone(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-real")
    found = environments(folders, {"OPENAI_API_KEY": "sk-real"})
    assert [name for name, env in found.items() if "sk-real" in env.values()] == ["tailor"]
    assert found["tailor"]["OPENAI_BASE_URL"] == "https://api.openai.com/v1"


def test_environment_points_tailor_at_the_sandbox_without_a_key(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.example/v1")
    tailor = environments(folders, {})["tailor"]
    assert tailor["OPENAI_BASE_URL"] == tailor["SANDBOX_URL"] + "/openai/v1"


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
