"""Passwords are hashed with argon2id, and an unknown email costs as much as a wrong password."""

from typing import Literal

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from auth_svc.errors import AuthError
from auth_svc.passwords import Passwords

from .replica import HASHER

passwords = st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=18)


@given(passwords, passwords)
async def test_password_matches_only_itself(password: str, other: str) -> None:
    subject = Passwords(HASHER)
    hashed = await subject.hash(password)
    assert hashed.startswith("$argon2id$")
    assert password not in hashed
    assert await subject.matches(hashed, password)
    assert await subject.matches(hashed, other) is (password == other)


@pytest.mark.parametrize(
    ("password", "status", "code"),
    [
        ("seven77", 422, "weak_password"),
        ("x" * 73, 400, "validation_failed"),
        ("é" * 37, 400, "validation_failed"),
    ],
)
async def test_password_outside_the_limits_is_refused(
    password: str, status: int, code: str
) -> None:
    with pytest.raises(AuthError) as caught:
        await Passwords(HASHER).hash(password)
    assert (caught.value.status, caught.value.error_code) == (status, code)


@pytest.mark.parametrize("password", ["x" * 8, "x" * 72, "é" * 36])
async def test_password_at_the_limits_is_taken(password: str) -> None:
    subject = Passwords(HASHER)
    assert await subject.matches(await subject.hash(password), password)


def parameters(hashed: str) -> str:
    """The hash without salt and digest."""
    return hashed.rsplit("$", 2)[0]


async def test_unknown_account_is_checked_as_long_as_a_known_one() -> None:
    """Counted in hashes computed, which is what takes the time."""
    verified: list[str] = []

    class CountingHasher(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  the library's name
            verified.append(parameters(str(hash)))
            return super().verify(hash, password)

    subject = Passwords(CountingHasher(time_cost=1, memory_cost=8, parallelism=1))
    known = await subject.hash("correct horse")
    assert not await subject.matches(known, "wrong horse")
    assert not await subject.matches(None, "wrong horse")
    assert not await subject.matches(None, "decoy")
    assert verified == [parameters(known)] * 3


async def test_stored_hash_that_is_damaged_matches_nothing() -> None:
    assert not await Passwords(HASHER).matches("damaged", "correct horse")
