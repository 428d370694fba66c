"""Passwords: long, not among those that many use, and two of them looked at at a time at most."""

import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.accounts.errors import PasswordWeak, SignInBusy
from app.settings import ROOT

SHORTEST, LONGEST = 12, 256
LISTS = ("common/src/passwords", "fr/src/commonWords", "fr/src/firstnames", "fr/src/lastnames")
PACKAGES = ROOT / "node_modules" / "@zxcvbn-ts"
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
# As OWASP has it: 19 MB and a fortieth of a second. Pages share the threads of those who wait, so
# only a few do, and not for long.
AT_ONCE, WAITING = 2, 4
PATIENCE = 1.0

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = BoundedSemaphore(AT_ONCE)
_places = BoundedSemaphore(AT_ONCE + WAITING)


def check(password: str, *, mail: str, name: str) -> None:
    """Raise PasswordWeak with what to change."""
    if len(password) < SHORTEST:
        raise PasswordWeak(problem=f"Choisissez un mot de passe d’au moins {SHORTEST} caractères.")
    if len(password) > LONGEST:
        raise PasswordWeak(problem=f"Choisissez un mot de passe d’au plus {LONGEST} caractères.")
    folded = password.casefold()
    names = name.casefold().split()
    own = {mail.partition("@")[0].casefold(), *names, "".join(names), "mesure23"}
    bare = AROUND.sub("", folded)
    if folded in _common() or bare in _common() or bare in own or _repeats(folded):
        raise PasswordWeak(
            problem="Ce mot de passe est de ceux que l’on essaie en premier (mot courant, nom,"
            " suite ou répétition). Quatre mots sans rapport entre eux conviennent très bien."
        )


def _repeats(text: str) -> bool:
    """Say whether a text is one short piece again and again, or a run of neighbours."""
    if len(set(text)) < 5 or text in (text + text)[1:-1]:
        return True
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps) == 1


@cache
def _common() -> frozenset[str]:
    """Return passwords and words that many use, in lower case, as the packages list them."""
    found: set[str] = set()
    for name in LISTS:
        words = json.loads((PACKAGES / f"language-{name}.json").read_text("utf-8"))
        found.update(word.casefold() for word in words)
    return frozenset(found)


def _same(password: str) -> str:
    """Return a password as every system writes it: an accent is one sign on some, two on others."""
    return unicodedata.normalize("NFC", password[:LONGEST])


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise SignInBusy
    try:
        if not _turns.acquire(timeout=PATIENCE):
            raise SignInBusy
        try:
            yield
        finally:
            _turns.release()
    finally:
        _places.release()


def hash_of(password: str) -> str:
    """Return the text of argon2 that a password is recognised by; raise SignInBusy."""
    with _turn():
        return _hasher.hash(_same(password))


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def is_right(known: str | None, password: str) -> bool:
    """Say whether a password is that of a text of argon2; raise SignInBusy.

    known: None where there is no such account, which takes as long.
    """
    with _turn():
        try:
            return _hasher.verify(known or _nobodys(), _same(password)) and known is not None
        except (VerifyMismatchError, InvalidHashError):
            return False
