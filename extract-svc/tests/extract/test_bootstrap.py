import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from extract_svc.bootstrap import bootstrap, open_store
from extract_svc.obstore_files import ObstoreFiles
from extract_svc.settings import ExtractSettings
from resume_outbound.testing import ManualTime
from resume_runtime.process import StartupError

SERVERS = {"database_url": "postgresql://h/d", "amqp_url": "amqp://h/"}


def settings(**others: str | int) -> ExtractSettings:
    return ExtractSettings.model_validate(
        {**SERVERS, "files_url": "memory:///", "chromium": "none", **others}
    )


async def test_service_owns_its_two_queues() -> None:
    time = ManualTime()
    async with bootstrap(
        settings(posting_prefetch=7),
        clock=time,
        sleep=time.sleep,
        rng=random.Random(1),
        registry=CollectorRegistry(),
    ) as service:
        assert set(service.handlers) == {"extract.posting", "extract.resume"}
        assert set(service.prefetch.values()) == {7, 3}


async def test_stored_file_is_read(tmp_path: Path) -> None:
    files = ObstoreFiles(open_store((tmp_path / "new").as_uri()))
    (tmp_path / "new" / "a").mkdir()
    (tmp_path / "new" / "a" / "1").write_bytes(b"resume")

    assert await files.read("a/1") == b"resume"
    with pytest.raises(FileNotFoundError):
        await files.read("a/2")
    with pytest.raises(ValueError, match="path"):
        await files.read("../secret")


def test_storage_is_opened_by_its_kind(tmp_path: Path) -> None:
    assert isinstance(open_store("memory:///"), MemoryStore)
    assert isinstance(open_store(tmp_path.as_uri()), LocalStore)


@pytest.mark.parametrize("url", ["gopher://secret/x", "file:///proc/nowhere/x"])
def test_unusable_storage_names_the_variable(url: str) -> None:
    with pytest.raises(StartupError, match=r"^FILES_URL: ") as caught:
        open_store(url)
    assert caught.value.exit_code == 78
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "pairs", ["localhost", "localhost:x", "http://a:80", "a:80;b:80", "u@a:80", ":80", "a:99999"]
)
def test_fetch_allow_takes_only_exact_pairs(pairs: str) -> None:
    with pytest.raises(ValidationError, match="host:port pairs"):
        settings(fetch_allow=pairs)


def test_fetch_allow_is_a_set_of_pairs() -> None:
    allowed = settings(fetch_allow=" 127.0.0.1:80, sandbox:8090,,").allowed_pairs
    assert allowed == {"127.0.0.1:80", "sandbox:8090"}
    assert settings().allowed_pairs == frozenset()


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "FILES_URL"),
        ({"FILES_URL": "/srv/files"}, "FILES_URL"),
        ({"FILES_URL": "memory:///", "FETCH_ALLOW": "hunter2"}, "FETCH_ALLOW"),
    ],
)
def test_wrong_variable_is_one_line_and_exit_78(variables: dict[str, str], named: str) -> None:
    environ = {key.upper(): value for key, value in SERVERS.items()}
    done = subprocess.run(
        [sys.executable, "-m", "extract_svc", "consume"],
        env={"PATH": os.defpath, **environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=25,
    )

    assert done.returncode == 78
    (line,) = done.stderr.splitlines()
    assert line.startswith(named)
    assert "hunter2" not in line
