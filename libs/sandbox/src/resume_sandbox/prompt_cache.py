"""Which prompts begin as an earlier one did, as a provider's prompt cache would know."""

import hashlib
from typing import Final

from resume_sandbox.tokens import BYTES_PER_TOKEN

#: OpenAI's guide to prompt caching: from 1,024 tokens on, in steps of 128.
_LEAST, _STEP = 1024, 128
_MOST_STEPS: Final = 256
_CAPACITY: Final = 100_000


class PromptCache:
    """Digests of the beginnings of prompts, forgotten all at once when they are too many."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def cached_tokens(self, model: str, text: str) -> int:
        """How many tokens of `text` an earlier prompt began with; then it is such a one too."""
        data = text.encode()
        digest = hashlib.blake2b(model.encode(), digest_size=8)
        cached, at = 0, 0
        for step in range(_MOST_STEPS):
            tokens = _LEAST + step * _STEP
            end = tokens * BYTES_PER_TOKEN
            if end > len(data):
                break
            digest.update(data[at:end])
            at, key = end, digest.digest()
            if key in self._known:
                cached = tokens
            elif len(self._known) < _CAPACITY:
                self._known.add(key)
            else:
                self._known = {key}
        return cached
