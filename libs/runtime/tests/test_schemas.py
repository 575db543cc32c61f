import pytest
from pydantic import ValidationError

from resume_runtime.schemas import ApiModel


class Example(ApiModel):
    base_resume_id: str


def test_api_model_speaks_camel_case_and_is_made_with_snake_case() -> None:
    assert Example(base_resume_id="r").model_dump_json() == '{"baseResumeId":"r"}'
    assert Example.model_validate({"baseResumeId": "r"}).base_resume_id == "r"


def test_api_model_refuses_unknown_fields() -> None:
    with pytest.raises(ValidationError):
        Example.model_validate({"baseResumeId": "r", "baseResumeID": "r"})
