"""The same running system as the system tests use."""

from tests.system.conftest import new_person, person, posting_text, sandbox, stack

__all__ = ["new_person", "person", "posting_text", "sandbox", "stack"]
