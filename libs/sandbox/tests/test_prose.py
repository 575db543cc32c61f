"""The stand-in's drafts of letter, interview pack and career path, true and untrue."""

import json
import re
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI
from pydantic import BaseModel, ConfigDict

from resume_sandbox.assignment import Assignment
from resume_sandbox.prose import Draft, Form, form_of, write_draft
from resume_sandbox.prose_lies import PROSE_LIES, tell_untruths, with_untruths

LANGUAGES = ("en", "de", "fr", "es")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Paragraph(_Strict):
    text: str


class Letter(_Strict):
    paragraphs: list[Paragraph]


class Question(_Strict):
    subjectId: str  # noqa: N815  as on the wire
    question: str
    outline: str


class Pack(_Strict):
    questions: list[Question]


class Reason(_Strict):
    roleId: str  # noqa: N815  as on the wire
    reason: str


class Path(_Strict):
    roles: list[Reason]


ANSWERS: dict[Form, type[BaseModel]] = {
    Form.LETTER: Letter,
    Form.INTERVIEW: Pack,
    Form.CAREER: Path,
}


@pytest.fixture
def task(assignment: dict[str, Any]) -> dict[str, Any]:
    return assignment | {
        "language": "en",
        "tone": "formal",
        "findings": [
            {
                "text": "Northwind Robotics opened a plant in Porto.",
                "url": "https://news.example/1",
            },
            {"text": "A page on something else.", "url": "https://news.example/2"},
        ],
        "subjects": [
            {"id": "r-1", "about": "PostgreSQL"},
            {"id": "r-4", "about": "k8s"},
            {"id": "h-3", "about": "Wrote the first automated tests of the shop with pytest."},
            {"id": "nobody-knows-it", "about": ""},
        ],
        "roles": [
            {"id": "role-1", "title": "Lead Engineer", "present": []},
            {"id": "role-2", "title": "Data Engineer", "present": ["Python", "Kubernetes"]},
        ],
    }


def texts(form: Form, draft: Draft) -> list[str]:
    ids = {"subjectId", "roleId"}
    return [text for item in draft[form.value] for key, text in item.items() if key not in ids]


@pytest.mark.parametrize("form", Form)
def test_form_is_known_by_its_schema(form: Form) -> None:
    assert form_of(ANSWERS[form].model_json_schema()) is form
    assert form_of(Paragraph.model_json_schema()) is None
    assert form_of({"properties": {form.value: {"type": "array", "items": {}}}}) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", Form)
def test_draft_has_no_number_or_name_of_its_own(
    task: dict[str, Any], form: Form, language: str
) -> None:
    task["language"] = language
    asked = Assignment.model_validate(task)
    said = "\n".join(texts(form, write_draft(form, asked)))
    own = json.dumps(task)
    assert said
    assert set(re.findall(r"\d+", said)) <= set(re.findall(r"\d+", own))
    assert "k8s" not in said.replace(" k8s?", "").replace(" k8s ", "") or form is Form.INTERVIEW


def test_letter_names_its_addressee_and_cites_only_what_is_on_the_company(
    task: dict[str, Any],
) -> None:
    first, *rest = texts(Form.LETTER, write_draft(Form.LETTER, Assignment.model_validate(task)))
    assert first == "I am applying for the position of Backend Engineer at Northwind Robotics."
    told = " ".join(rest)
    assert "At Acme I built the billing service in Python and Postgres" in told
    assert "opened a plant in Porto" in told
    assert "something else" not in told


def test_interview_and_career_speak_of_what_was_asked(task: dict[str, Any]) -> None:
    asked = Assignment.model_validate(task)
    questions = write_draft(Form.INTERVIEW, asked)["questions"]
    assert [q["subjectId"] for q in questions] == ["r-1", "r-4", "h-3"]
    assert [bool(q["outline"]) for q in questions] == [True, False, True]
    roles = write_draft(Form.CAREER, asked)["roles"]
    assert [role["roleId"] for role in roles] == ["role-2", "role-1"]
    assert roles[0]["reason"] == "I have worked with Python."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("name", PROSE_LIES)
def test_each_class_lies(task: dict[str, Any], form: Form, name: str, language: str) -> None:
    task["language"] = language
    asked = Assignment.model_validate(task)
    told = tell_untruths(form, asked, only=(name,), most=6)
    if name == "false_premise" and form is not Form.INTERVIEW:
        assert told == ()
        return
    (lie,) = told
    true = write_draft(form, asked)
    said = texts(form, with_untruths(form, true, told))
    assert any(lie.text in text for text in said)
    assert not any(lie.text in text for text in texts(form, true))
    assert lie.to_json() == {"class": name, "kind": form.value, "after": lie.text}


def test_classes_take_turns(task: dict[str, Any]) -> None:
    told = {
        lie.lie_class
        for number in range(60)
        for lie in tell_untruths(
            Form.INTERVIEW,
            Assignment.model_validate(task | {"posting": {"title": str(number), "company": "X"}}),
            most=6,
        )
    }
    assert told == set(PROSE_LIES)


@pytest.mark.parametrize("form", Form)
async def test_drafts_over_the_wire(
    openai: AsyncOpenAI, http: httpx2.AsyncClient, task: dict[str, Any], form: Form
) -> None:
    """In strict mode the answer has the schema's form; in lying mode the ledger has the lies."""

    async def asked() -> BaseModel:
        answer = await openai.chat.completions.parse(
            model="gpt-4.1-mini",
            messages=[{"role": "user", "content": f"```json\n{json.dumps(task)}\n```"}],
            response_format=ANSWERS[form],
        )
        parsed = answer.choices[0].message.parsed
        assert parsed is not None
        return parsed

    true = await asked()
    only = {"openai": "lying", "lies": ["invented_degree"]}
    (await http.put("/_sandbox/mode", json=only)).raise_for_status()
    lying = await asked()
    assert "Marlow" not in true.model_dump_json()
    assert "Marlow" in lying.model_dump_json()
    ledger = (await http.get("/_sandbox/ledger", params={"provider": "openai"})).json()
    assert [len(call["lies"]) for call in ledger["calls"]] == [0, 1]
