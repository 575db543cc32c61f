"""What the model's stand-in answers: always made from the request's own content."""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

from resume_sandbox.assignment import find_assignment, find_schema
from resume_sandbox.faults import FaultStep
from resume_sandbox.filling import Words, fill, resolve
from resume_sandbox.lies import Lie, tell_lies
from resume_sandbox.model_profiles import REASONING_TOKENS
from resume_sandbox.openai_requests import Ask
from resume_sandbox.pointing import asks_for_pointers, find_lines, point
from resume_sandbox.pointing_lies import Misreading, misread
from resume_sandbox.proposals import Proposal, propose
from resume_sandbox.prose import form_of, write_draft
from resume_sandbox.prose_lies import Untruth, tell_untruths, with_untruths
from resume_sandbox.settings import Mode
from resume_sandbox.tokens import BYTES_PER_TOKEN, count_tokens

#: Changes of one answer; the product's prompt allows no more.
MOST_CHANGES: Final = 12
_LIES: Final = 6
_ECHO: Final = 60
#: What an answer may hold that is not true.
Told = Lie | Untruth | Misreading
#: What a prompt with an assignment asks for when it shows no schema.
_CHANGES: Final[dict[str, Any]] = {
    "properties": {
        "changes": {
            "items": {"properties": {name: {"type": "string"} for name in Proposal.fields()}}
        }
    }
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer: a text or a refusal, maybe cut off or filtered.

    `output_tokens` includes the hidden `reasoning_tokens`.
    """

    text: str | None
    refusal: str | None
    finish: Literal["stop", "length", "content_filter"]
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int = 0
    lies: tuple[Told, ...] = ()


def compose(
    ask: Ask, fault: FaultStep | None, *, mode: Mode, lie_classes: tuple[str, ...] = ()
) -> Answer:
    """Answer `ask`, with the content faults among `fault` applied."""
    asked = sum(count_tokens(text) for text in ask.texts)
    kind = fault.kind if fault else None
    if kind == "refusal":
        refusal = "I'm sorry, but I can't help with that request."
        return Answer(None, refusal, "stop", asked, count_tokens(refusal))
    if kind == "content_filter":
        return Answer("", None, "content_filter", asked, 0)
    text, lies = _text(ask, mode, lie_classes)
    if kind == "wrong_json":
        text = "Here is the JSON:\n" + text[: len(text) * 2 // 3]
    if kind == "wrong_schema":
        text = json.dumps({"unexpected": text[:_ECHO]})
    thought = REASONING_TOKENS[ask.effort] if ask.profile.reasons else 0
    most = ask.max_tokens
    if kind == "length":
        most = thought + max(1, count_tokens(text) // 2)
    if most is None or thought + count_tokens(text) <= most:
        used = thought + count_tokens(text)
        return Answer(text, None, "stop", asked, used, thought, lies)
    left = max(0, most - thought)
    text = text.encode()[: left * BYTES_PER_TOKEN].decode(errors="ignore")
    return Answer(text, None, "length", asked, most, min(thought, most), lies)


def _text(ask: Ask, mode: Mode, lie_classes: tuple[str, ...]) -> tuple[str, tuple[Told, ...]]:
    if ask.output_schema is not None and not ask.profile.ignores_format:
        return _of_schema(ask.texts, ask.output_schema, mode, lie_classes)
    # Without a schema that binds, what is wanted may still be told in the prompt.
    schema = find_schema(ask.texts)
    is_lax = ask.profile.ignores_format
    if schema is None and not is_lax and find_assignment(ask.texts) is not None:
        schema = _CHANGES
    if schema is None:
        words = ask.texts[-1] if ask.texts else ""
        echo = " ".join(words.split()[:_ECHO])
        return (json.dumps({"answer": echo}) if ask.json_object else echo), ()
    text, lies = _of_schema(ask.texts, schema, mode, lie_classes)
    if not ask.json_object or is_lax:
        text = f"Here is what I suggest:\n\n```json\n{text}\n```\n"
    return text, lies


def _of_schema(
    texts: tuple[str, ...], schema: dict[str, Any], mode: Mode, lie_classes: tuple[str, ...]
) -> tuple[str, tuple[Told, ...]]:
    lines = find_lines(texts) if asks_for_pointers(schema) else None
    if lines:
        entries = point(lines)
        misread_as = misread(entries, lines, only=lie_classes) if mode is Mode.LYING else ()
        return json.dumps({"entries": entries}, ensure_ascii=False), misread_as
    assignment = find_assignment(texts)
    if assignment is not None and (form := form_of(schema)) is not None:
        draft = write_draft(form, assignment)
        told: tuple[Untruth, ...] = ()
        if mode is Mode.LYING:
            told = tell_untruths(form, assignment, only=lie_classes, most=_LIES)
            draft = with_untruths(form, draft, told)
        return json.dumps(draft, ensure_ascii=False), told
    if assignment is None or not (kinds := _kinds_of_changes(schema)):
        words = texts[-1] if texts else ""
        return json.dumps(fill(schema, Words(words)), ensure_ascii=False), ()
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
