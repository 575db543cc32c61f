"""How long a text is, roughly, in tokens."""

from typing import Final

#: About four bytes of English make a token.
BYTES_PER_TOKEN: Final = 4


def count_tokens(text: str) -> int:
    """A rough count of tokens."""
    return -(-len(text.encode()) // BYTES_PER_TOKEN)
