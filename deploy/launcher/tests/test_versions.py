import json
from pathlib import Path

import pytest

from resume_launcher.errors import LauncherError
from resume_launcher.folders import Folders
from resume_launcher.servers import postgres, rabbitmq
from resume_launcher.settings import StackSettings
from resume_launcher.stack import RunningProcess, RunningServer, Stack
from resume_launcher.versions import check_state, fingerprint


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    monkeypatch.setattr(rabbitmq, "server_version", lambda: "4.0.5")
    monkeypatch.setattr(postgres, "server_version", lambda: "17")
    return Folders(tmp_path, tmp_path / "state", tmp_path / "build" / "stack.json")


def test_check_state_refuses_data_of_another_version_and_says_what_to_do(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_state(folders)
    check_state(folders)
    monkeypatch.setattr(postgres, "server_version", lambda: "18")
    with pytest.raises(LauncherError, match=r"PostgreSQL 17, here is 18: `make clean`"):
        check_state(folders)


def test_fingerprint_changes_with_code_and_settings(tmp_path: Path) -> None:
    module = tmp_path / "tailor-svc" / "src" / "tailor_svc" / "app.py"
    module.parent.mkdir(parents=True)
    module.write_text("1")
    sandbox = StackSettings.read({}).summary()
    first = fingerprint(tmp_path, sandbox)
    assert fingerprint(tmp_path, sandbox) == first
    real = StackSettings.read({"OPENAI_API_KEY": "sk-a"}).summary()
    assert "sk-a" not in json.dumps(real)
    assert fingerprint(tmp_path, real) != first
    module.write_text("22")
    assert fingerprint(tmp_path, sandbox) != first


def test_stack_file_is_found_again_with_the_agreed_names(folders: Folders) -> None:
    stack = Stack(
        base_url="http://a",
        auth_url="http://b",
        sandbox_url="http://c",
        careers_url="http://c",
        amqp_url="amqp://d",
        management_url="http://e",
        management_user="resume",
        management_password="secret",
        database_url="postgresql://f",
        processes=(RunningProcess(name="gateway-api", pid=1, health_url="h", metrics_url="m"),),
        servers=(RunningServer(name="rabbitmq", pid=2),),
        fingerprint="x",
        supervisor_pid=3,
        state_dir=folders.state,
        logs_dir=folders.logs,
    )
    stack.write(folders.stack_file)
    written = json.loads(folders.stack_file.read_text())
    agreed = {
        "baseUrl",
        "authUrl",
        "sandboxUrl",
        "careersUrl",
        "amqpUrl",
        "managementUrl",
        "databaseUrl",
    }
    assert agreed <= written.keys()
    assert {"name", "pid", "healthUrl", "metricsUrl"} <= written["processes"][0].keys()
    assert Stack.read(folders.stack_file) == stack
    assert [stack.pid_of(name) for name in ("gateway", "rabbitmq", "none")] == [1, 2, None]


def test_stack_file_that_is_missing_is_no_stack(tmp_path: Path) -> None:
    assert Stack.read(tmp_path / "stack.json") is None
