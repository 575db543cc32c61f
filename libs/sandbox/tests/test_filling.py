from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from resume_sandbox.filling import Empty, Source, Words, fill


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Leaf(BaseModel):
    colour: Colour
    weight: Annotated[float, Field(ge=2, le=3)]
    count: Annotated[int, Field(gt=4)]


class Tree(BaseModel):
    kind: Literal["tree"]
    name: Annotated[str, Field(min_length=3, max_length=10)]
    note: str | None
    only_null: None
    leaves: Annotated[list[Leaf], Field(min_length=2)]
    tags: list[str]
    alive: bool
    child: "Tree | None"
    children: list["Tree"]


@pytest.mark.parametrize("source", [Empty(), Words("a few words of somebody"), Words("")])
def test_filled_schema_is_valid(source: Source) -> None:
    tree = Tree.model_validate(fill(Tree.model_json_schema(), source))

    assert len(tree.leaves) == 2
    assert tree.kind == "tree"


def test_words_come_from_the_text_in_order() -> None:
    words = Words("one two three four five six seven")

    assert [words.text(""), words.text(""), words.text("")] == [
        "one two three four five six",
        "seven",
        "one two three four five six",
    ]


def test_empty_says_nothing() -> None:
    schema = {
        "type": "object",
        "properties": {
            "known": {"type": "boolean"},
            "summary": {"type": "string"},
            "findings": {"type": "array", "items": {"type": "string"}},
        },
    }
    assert fill(schema, Empty()) == {"known": False, "summary": "", "findings": []}


def test_format_gets_a_value_of_its_kind() -> None:
    assert fill({"type": "string", "format": "date"}, Words("no date")) == "2026-01-01"
