"""What the model's stand-in answers: always made from the request's own content."""

import json
from dataclasses import dataclass
from typing import Any, Final

from resume_sandbox.assignment import find_assignment
from resume_sandbox.faults import FaultStep
from resume_sandbox.filling import Words, fill, resolve
from resume_sandbox.lies import Lie, tell_lies
from resume_sandbox.openai_requests import Ask
from resume_sandbox.proposals import Proposal, propose
from resume_sandbox.settings import Mode

#: Changes of one answer; the product's prompt allows no more.
MOST_CHANGES: Final = 12
_LIES: Final = 6
#: About four bytes of English make a token.
_BYTES_PER_TOKEN: Final = 4
_ECHO: Final = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer: a text or a refusal, maybe cut off."""

    text: str | None
    refusal: str | None
    cut_off: bool
    input_tokens: int
    output_tokens: int
    lies: tuple[Lie, ...] = ()


def count_tokens(text: str) -> int:
    """A rough count of tokens."""
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)


def compose(
    ask: Ask, fault: FaultStep | None, *, mode: Mode, lie_classes: tuple[str, ...] = ()
) -> Answer:
    """Answer `ask`, with the content faults among `fault` applied."""
    asked = sum(count_tokens(text) for text in ask.texts)
    kind = fault.kind if fault else None
    if kind == "refusal":
        refusal = "I'm sorry, but I can't help with that request."
        return Answer(None, refusal, False, asked, count_tokens(refusal))
    text, lies = _text(ask, mode, lie_classes)
    if kind == "wrong_json":
        text = "Here is the JSON:\n" + text[: len(text) * 2 // 3]
    if kind == "wrong_schema":
        text = json.dumps({"unexpected": text[:_ECHO]})
    most = ask.max_tokens
    if kind == "length":
        most = max(1, count_tokens(text) // 2)
    cut_off = most is not None and count_tokens(text) > most
    if most is not None and cut_off:
        text = text.encode()[: most * _BYTES_PER_TOKEN].decode(errors="ignore")
    return Answer(text, None, cut_off, asked, count_tokens(text), lies)


def _text(ask: Ask, mode: Mode, lie_classes: tuple[str, ...]) -> tuple[str, tuple[Lie, ...]]:
    words = ask.texts[-1] if ask.texts else ""
    if ask.output_schema is None:
        echo = " ".join(words.split()[:_ECHO])
        return (json.dumps({"answer": echo}) if ask.json_object else echo), ()
    assignment = find_assignment(ask.texts)
    if assignment is None or not (kinds := _kinds_of_changes(ask.output_schema)):
        return json.dumps(fill(ask.output_schema, Words(words)), ensure_ascii=False), ()
    lies: tuple[Lie, ...] = ()
    if mode is Mode.LYING:
        lies = tuple(
            lie
            for lie in tell_lies(assignment, only=lie_classes, most=_LIES)
            if lie.change.kind in kinds
        )
    truths = [change for change in propose(assignment) if change.kind in kinds]
    changes = [lie.change for lie in lies] + truths
    return _write(changes[:MOST_CHANGES]), lies


def _write(changes: list[Proposal]) -> str:
    return json.dumps({"changes": [c.to_json() for c in changes]}, ensure_ascii=False)


def _kinds_of_changes(schema: dict[str, Any]) -> frozenset[str]:
    """The kinds of changes a schema asks for; empty when it asks for something else."""
    properties = schema.get("properties", {})
    if set(properties) != {"changes"}:
        return frozenset()
    changes = resolve(properties["changes"], schema)
    item = resolve(changes.get("items", {}), schema)
    fields = item.get("properties", {})
    if set(fields) != Proposal.fields():
        return frozenset()
    kind = resolve(fields["kind"], schema)
    known = Proposal.kinds()
    return frozenset(kind.get("enum", known)) & known
