import pytest

from resume_core.gate import check_resume
from resume_core.model import Resume
from resume_core.posting import PostingView

from .truth_samples import CATALOG


@pytest.mark.parametrize(
    "phrase", ["team player", "teamfähig", "esprit d\u2019équipe", "proactivo"]
)
def test_filler_is_flagged_unless_person_or_posting_say_it(phrase: str) -> None:
    line = f"Ran Python services, {phrase}"
    base = Resume.model_validate({"work": [{"id": "w", "highlights": ["Ran Python services"]}]})
    own = Resume.model_validate(
        {"work": [{"id": "w", "highlights": ["Ran Python services"], "summary": phrase}]}
    )
    posting = PostingView(text=f"We want a {phrase}.")
    for resume, asked, flagged in (
        (base, PostingView(), True),
        (base, posting, False),
        (own, PostingView(), False),
    ):
        entry = resume.work[0].model_copy(update={"highlights": (line,)})
        tailored = resume.model_copy(update={"work": (entry,)})
        found = check_resume(resume, tailored, posting=asked, catalog=CATALOG)
        codes = {v.code: v for v in found}
        assert ("filler_added" in codes) == flagged
        if flagged:
            assert (codes["filler_added"].severity, codes["filler_added"].metric) == ("flag", 13)
