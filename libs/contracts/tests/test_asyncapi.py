"""The AsyncAPI document follows the workflow table and is committed as it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resume_contracts import asyncapi, routing
from resume_contracts.workflows import STAGES

COMMITTED = Path(__file__).parents[3] / "docs" / "asyncapi.json"


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_asyncapi_committed_is_current() -> None:
    """What is committed is what the table gives."""
    assert COMMITTED.read_text("utf-8") == asyncapi.render()


def test_asyncapi_references_resolve() -> None:
    """Every reference points at something in the document."""
    document = asyncapi.document()
    for reference in _references(document):
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert node


def test_asyncapi_covers_every_queue_and_stage() -> None:
    """Each stage queue is a channel, each stage an operation, with what it finds."""
    document = asyncapi.document()
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert set(routing.STAGE_QUEUES) <= addresses
    stages = {
        stage["name"]: stage
        for channel in document["channels"].values()
        for stage in channel.get("x-stages", ())
    }
    assert set(stages) == set(STAGES)
    assert stages["tailor.resume"]["needs"] == ["facts.posting", "facts.research"]


def test_asyncapi_check_notices_drift(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that differs, or is missing, is an error that says how to mend it."""
    file = tmp_path / "asyncapi.json"
    assert asyncapi.main(["--check", str(file)]) == 1
    assert "--write" in capsys.readouterr().err
    assert asyncapi.main(["--write", str(file)]) == 0
    assert asyncapi.main(["--check", str(file)]) == 0
    file.write_text(file.read_text("utf-8").replace("tailor", "taylor"), "utf-8")
    assert asyncapi.main(["--check", str(file)]) == 1
