"""A person's own words in a letter, an interview pack or a career path.

They may know what the resume does not say: what nothing proves is marked, not blocked. Sentences
that were delivered keep their grounds, wherever they stand now. Only who they were is not theirs to
change here: what contradicts the base is refused, and edited there.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from resume_core.changes import ChangeOrigin
from resume_core.decisions import EditRefusedError
from resume_core.grounding import Grounding, Sentence, Verdict, sentences

#: Sentences that one edit may have, so that checking it takes no more than moments.
MAX_SENTENCES: Final = 200
#: Where a delivered sentence may begin: as its own sentence, not after half of another one.
_BEGIN: Final = r"(?:^|(?<=[.!?\u2026\u201c\u201d\u00bb\"] ))"


class OwnWords:
    """Reads one edit; `done` refuses it when it contradicts the base."""

    def __init__(self, grounding: Grounding, delivered: Iterable[Sentence]) -> None:
        self._grounding = grounding
        self._delivered = {" ".join(s.text.split()): s for s in delivered}
        known = sorted(self._delivered, key=len, reverse=True)
        #: They may have stops inside ("Thank you. I …"), so they are looked for as a whole.
        self._known = re.compile(rf"{_BEGIN}({'|'.join(map(re.escape, known)) or '(?!)'})(?!\S)")
        self._contradicting: list[str] = []
        self._count = 0

    def sentences(self, text: str, path: str) -> tuple[Sentence, ...]:
        """The sentences of a text: delivered ones as they were, the others checked and marked.

        Raises:
            EditRefusedError: there are too many (`edit_too_long`).
        """
        found: list[Sentence] = []
        for line in text.splitlines():
            # Odd parts are what the pattern has caught.
            for at, part in enumerate(self._known.split(" ".join(line.split()))):
                if at % 2:
                    found.append(self._delivered[part])
                else:
                    found.extend(self._said(part, path))
        return tuple(found)

    def _said(self, text: str, path: str) -> Iterator[Sentence]:
        for said in sentences(text):
            self._count_one()
            yield self._own(self._grounding.check(said), path)

    def question(self, text: str, path: str) -> Sentence:
        """A question, which may ask for what it does not take for granted; the same errors."""
        self._count_one()
        return self._own(self._grounding.check_question(text), path)

    def done(self) -> None:
        """Nothing more comes.

        Raises:
            EditRefusedError: something contradicts the base (`identity_fixed`).
        """
        if self._contradicting:
            raise EditRefusedError("identity_fixed", self._contradicting)

    def _count_one(self) -> None:
        self._count += 1
        if self._count > MAX_SENTENCES:
            raise EditRefusedError("edit_too_long")

    def _own(self, verdict: Verdict, path: str) -> Sentence:
        for contradiction in self._grounding.contradictions(verdict):
            self._contradicting.append(f"{path} ({contradiction})")
        return Sentence(
            text=verdict.text,
            about=verdict.about,
            grounds=verdict.grounds,
            origin=ChangeOrigin.USER,
            own=True,
            unverified=verdict.codes,
        )
