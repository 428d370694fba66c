"""Which marks a text names, and which of them are somebody's who is hidden.

A text may stand for all of France, and says a place as it likes: in doubt it names it. What the
public record shows by itself, no text can give away.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected, OperatorCode
from app.platform.database.sessions import among
from app.records.edits import Edit
from app.records.erased import mails, phones
from app.records.heard import hear, marks_of_place, own_marks
from app.records.joined import with_survivors
from app.records.marks import (
    LINK,
    Mark,
    around,
    linked_in,
    mail_mark,
    mailed,
    site_mark,
    stored_mark,
)
from app.records.record import is_hidden
from app.vault.digests import index_key
from app.vault.sealing import Vault
from geo.address import numbered_keys_in, shortened
from geo.letters import in_digits
from geo.linked import has_point, is_of_a_map, joined_keys, linked_keys, said_in, with_scheme
from geo.named import bare_keys_in, named_places_in
from geo.text import drawn
from importers.phones import one_phone
from importers.strays import find_strays

# By these a text leads to a place, of whoever shows its phone as well.
_PLACES = frozenset({"said", "siret", "finess", "rna"})
NAMED = _PLACES | {"phone", "mail", "linked", "site"}
_OPEN = ("published", "host")
_CLOSED = ("draft", "secret")
# Where numbers of six digits are somebody's own; None: everywhere else.
_WHERE_SIX = (None, "975", "986", "987", "988")
# Words that are looked through at once, each address whole in one of them.
_AT_ONCE, _STEP = 60, 40
# Signs of one word of them: no address has longer ones.
_LONGEST, _LEAST = 500, 6
_APART = re.compile(r"(?<=\d)[\W_]{1,3}(?=\d)")
_RUN = re.compile(r"\d+(?: \d+)*")
_CODE = re.compile(r"\b(?:W\d{9}|2[AB]\d{7})\b", re.IGNORECASE)
# Strokes of printers are those of mailboxes and sites; a blank that is a letter, a frame of digits.
_ONE_SIGN = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_ONE_SIGN |= str.maketrans({"\u2800": " ", "\u20e3": ""})
_AROUND_AT = re.compile(r"\s*@\s*")
_HOST_APART = re.compile(r"@[\w-]{1,63}(?: ?\. ?[\w-]{1,63}){1,5}")
_BREAK = re.compile(r"\s*\n\s*")
# "https://x@exemple.fr./", "exemple.fr:8443/": what no site is told by.
_BEFORE_HOST = re.compile(r"(https?://)[^\s/@]*@", re.IGNORECASE)
_BEHIND_HOST = re.compile(
    r"(?<![\w.-])((?:[\w-]{1,63}+\.){1,6}[a-z]{2,10})(?:\.?:\d{0,5}|\.)(?=/(?!/))", re.IGNORECASE
)
# Where another one begins in a web address.
_WITHIN = re.compile(r"[?&=#]|(?=https?://)", re.IGNORECASE)
# The page of an actor on this service, or on another one of the same actors.
_SHEET = re.compile(r"/acteurs/([0-9a-f]{16})(?![0-9a-f])", re.IGNORECASE)
# Of a publication: two numbers as those of a point may stand in one.
_DOI = re.compile(r"\b10\.\d{4,9}/[\w.-]+")
# A web address is read as many times over as somebody wrote it for another one to hold it.
_MOST_QUOTED = 3
# "8, 10 et 12", "du 5 bis au 15", "5-15": numbers of one way.
_NUMBER = r"\d{1,4}(?: ?(?:bis|ter|quater|[a-h]))?\b"
_AND = r" ?(?:[-–—/,;&+]|\b(?:et|ou|puis|à|au|jusqu.(?:au|à))\b) ?(?:(?:au|le|n°|num[ée]ro) ?)?| "
_SEVERAL = re.compile(rf"(?<!\w){_NUMBER}(?:(?:{_AND}){_NUMBER}){{1,40}}", re.IGNORECASE)
_BETWEEN = re.compile(r"\bentre (?:les? )?(?:n°|num[ée]ros? )?$", re.IGNORECASE)
_LISTED = re.compile(r"[,;&+]|\b(?:et|ou|puis)\b|^ ?$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
# Stands for each of them, and beside no way; of a range, as wide as that of a building or a street.
_ANY, _WIDEST = "9999", 60
# Of the words around numbers that may name their way.
_NEAR = 80
_RUN_TOGETHER = re.compile(r"\d.*[^\W\d_]{3}|[^\W\d_]{3}.*\d")
# Of a SIRET, and of a FINESS.
_NUMBERS = {14: "siret", 9: "finess"}


def named_in(texts: Iterable[str]) -> set[Mark]:
    """Return every mark that texts name: places, phones, mailboxes, numbers, links, sheets."""
    found: set[Mark] = set()
    for text in texts:
        for view in _views(text):
            found |= _reached(view) | set(_numbered(view)) | set(_linked(view))
            found |= {("actor", each.lower()) for each in _SHEET.findall(view)}
            for part in _parts(view):
                found |= {("said", key) for key in _places(part) | named_places_in(part)}
    return found


def says_point(text: str) -> bool:
    """Return whether a text gives a point of a map, or links to a map, whoever is there."""
    return any(
        has_point(_DOI.sub(" ", view)) or any(map(is_of_a_map, _links(view)))
        for view in _views(text)
    )


def hidden_among(session: Session, vault: Vault, named: set[Mark]) -> set[Mark]:
    """Return those marks that are somebody's who is hidden, and whom nothing shows by them."""
    key = index_key(session, vault)
    found = {
        mark
        for mark, level, status in _bearers(session, key, named)
        if level != "held" or status not in _OPEN or mark[0] in _PLACES
    }
    asked = select(OperatorCode.actor_id).where(OperatorCode.asked_at.is_not(None))
    for actor in session.scalars(asked).all() if named else ():
        edits = with_survivors(session, vault, key, actor)
        hear(session, vault, edits.values())
        for edit in edits.values():
            found |= named & hiding_marks(edit, whole=True)
    return found - shown_among(session, found)


def hidden_sheets(session: Session, named: Iterable[Mark]) -> set[Mark]:
    """Return those of the sheets named that are of somebody hidden."""
    if not (ids := {value for kind, value in named if kind == "actor"}):
        return set()
    hidden = or_(Actor.protected, Actor.status.not_in(_OPEN))
    found = select(Actor.public_id).where(among(Actor.public_id, ids), hidden)
    return {("actor", each) for each in session.scalars(found)}


def hiding_marks(edit: Edit, *, whole: bool = False) -> set[Mark]:
    """Return by which marks a text would give an actor away, as it is hidden now.

    whole: its operator asks for it, and nothing is written yet.
    """
    if not whole and not is_hidden(edit.level, edit.record.status):
        return set()
    own = own_marks(edit)
    found = (around(own) if edit.is_home else own) | marks_of_place(edit, own)
    if not edit.is_home:
        # The site of others stands in it, whose pages are not its own.
        found = {mark for mark in found if mark[0] != "linked"}
    if not whole and edit.level == "held" and edit.record.status == "published":
        return {mark for mark in found if mark[0] in _PLACES}
    # Its sheet has another address from now on, or none.
    return {("actor", edit.public_id), *(mark for mark in found if mark[0] in NAMED)}


def shown_among(session: Session, found: Iterable[Mark]) -> set[Mark]:
    """Return those marks that some public record shows; where somebody is, none of these does."""
    by_kind: dict[str, set[str]] = {}
    for kind, value in found:
        by_kind.setdefault(kind, set()).add(value)
    host = r"^https?://(?:www\.)?"
    site = func.rtrim(func.regexp_replace(func.lower(Actor.website), host, ""), "/")
    columns: dict[str, ColumnElement[Any]] = {"linked": site, "site": site}
    columns |= {"phone": func.unnest(Actor.phones), "mail": func.lower(Actor.email)}
    shown: set[Mark] = set()
    for kind in columns.keys() & by_kind.keys():
        seen = (
            select(cast(columns[kind], Text).label("value"))
            .where(Actor.status.in_(_OPEN))
            .subquery()
        )
        known = select(seen.c.value).where(among(seen.c.value, by_kind[kind]))
        shown |= {(kind, value) for value in session.scalars(known)}
    return shown


def shown_by(session: Session, actors: Iterable[UUID]) -> set[Mark]:
    """Return the phones, mailboxes and sites that the public records of some actors show."""
    shown: set[Mark] = set()
    if not (ids := set(actors)):
        return shown
    columns = select(Actor.phones, Actor.email, Actor.website)
    rows = session.execute(columns.where(among(Actor.id, ids), Actor.status.in_(_OPEN)))
    for phones_of_it, mail, website in rows:
        shown |= {("phone", each) for each in phones_of_it}
        shown |= {mail_mark(mail)} if mail else set()
        shown |= {(kind, site_mark(website)[1]) for kind in ("site", "linked") if website}
    return shown


def _bearers(
    session: Session, key: bytes, named: set[Mark]
) -> Iterator[tuple[Mark, str | None, str]]:
    """Yield which of the marks somebody hidden bears, with the level and the status."""
    stored = {
        stored_mark(mark, key, home=home)[1]: mark
        for mark in named
        # Of homes alone a page is told from those above it.
        for home in ((True,) if mark[0] == "linked" else (True, False))
    }
    for value, level, status in session.execute(_hidden(stored)):
        yield stored[value], level, status


def _hidden(digests: Iterable[bytes]) -> Select[*tuple[Any, ...]]:
    hidden = or_(ActorProtected.level.is_not(None), Actor.status.in_(_CLOSED))
    return (
        select(ActorFingerprint.digest, ActorProtected.level, Actor.status)
        .join(Actor, Actor.id == ActorFingerprint.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(and_(among(ActorFingerprint.digest, set(digests)), hidden))
    )


def _views(text: str) -> set[str]:
    """Return a text as it may be read: footnotes as digits or not, its lines joined or not.

    With numbers in letters as digits as well.
    """
    plain = drawn(text)
    views = {normalize("NFC", plain), normalize("NFKC", plain).translate(_ONE_SIGN)}
    quoted = views
    for _ in range(_MOST_QUOTED):
        quoted = {normalize("NFC", drawn(unquote(each))) for each in quoted if "%" in each}
        views = views | quoted
    joined = {_BREAK.sub("", each) for each in views}
    lines = {" ".join(each.split()) for each in views | joined}
    return lines | {in_digits(each) for each in lines}


def _parts(view: str) -> Iterator[str]:
    """Yield a text in parts that overlap: of a whole one too many ways would be left aside."""
    words = view.split(" ")
    for start in range(0, len(words), _STEP):
        part = " ".join(words[start : start + _AT_ONCE])
        yield from (part[at : at + 2 * _LONGEST] for at in range(0, len(part), _LONGEST))


def _places(part: str) -> set[str]:
    if not any(sign.isdigit() for sign in part):
        return set()
    # In another order as well: "rue Cachée, au 10".
    keys = numbered_keys_in(part) | linked_keys(part) | bare_keys_in(part) | _several(part)
    found = {*keys, *map(shortened, keys)}
    for word in part.split(" "):
        if len(word) >= _LEAST and _RUN_TOGETHER.search(word):
            found |= linked_keys(word) | joined_keys(word)
    return found


def _several(part: str) -> set[str]:
    """Return the places of each number that shares a way with others, those between as well."""
    found: set[str] = set()
    for run in _SEVERAL.finditer(part):
        before, behind = part[max(0, run.start() - _NEAR) : run.start()], part[run.end() :][:_NEAR]
        keys = (key.partition(" ") for key in linked_keys(f"{before} {_ANY} {behind}"))
        if ways := [way for number, _, way in keys if number == _ANY]:
            numbers = _numbers_of(run[0], between=_BETWEEN.search(before) is not None)
            found |= {f"{number} {way}" for number in numbers for way in ways}
    return found


def _numbers_of(run: str, *, between: bool) -> set[int]:
    """Return the numbers of "8, 10 et 12", and all from the first to the last of "5 au 15".

    between: "entre le 5 et le 15".
    """
    numbers = list(_DIGITS.finditer(run))
    found = {int(each[0]) for each in numbers}
    for one, other in pairwise(numbers):
        first, last = int(one[0]), int(other[0])
        is_range = between or not _LISTED.search(run[one.end() : other.start()])
        if is_range and last - first <= _WIDEST:
            found |= {*range(first, last)}
    return found


def _reached(view: str) -> set[Mark]:
    apart = _APART.sub(" ", view)
    called = {one_phone(f"0{number}") for *_, number in phones(apart)}
    for territory in _WHERE_SIX:
        called |= set(find_strays(view, territory))
    written = _HOST_APART.sub(_together, mailed(_AROUND_AT.sub("@", view)))
    return {("phone", each) for each in called if each and each.startswith("+")} | {
        mail_mark(value) for *_, value in mails(written)
    }


def _together(host: re.Match[str]) -> str:
    """Return the host of a mailbox without its blanks, with a word that follows it as well."""
    return host[0].replace(" ", "")


def _numbered(view: str) -> Iterator[Mark]:
    for code in _CODE.findall(view):
        yield ("rna" if code[0] in "wW" else "finess", code.upper())
    for run in _RUN.findall(_APART.sub(" ", view)):
        groups = run.split(" ")
        for first in range(len(groups)):
            digits = ""
            for group in groups[first:]:
                digits += group
                if len(digits) > max(_NUMBERS):
                    break
                if len(digits) in _NUMBERS:
                    yield _NUMBERS[len(digits)], digits


def _linked(view: str) -> Iterator[Mark]:
    for link in _links(view):
        yield from linked_in(link)
        yield from (("said", key) for key in named_places_in(said_in(link)))
        yield site_mark(with_scheme(link))


def _links(view: str) -> set[str]:
    """Return the web addresses of a text, with those that stand in another one."""
    plain = _BEHIND_HOST.sub(r"\1", _BEFORE_HOST.sub(r"\1", view))
    return {*LINK.findall(plain), *LINK.findall(_WITHIN.sub(" ", plain))}
