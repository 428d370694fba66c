"""Of the numbers and mailboxes of a line: which nobody may publish before a person says so."""

import re
from collections.abc import Callable
from typing import TypedDict

from geo.text import fold, may_have_words
from importers import secrecy
from importers.contacts import read_emails
from importers.double_header import names_persons
from importers.line import LONGEST, Cell, Line
from importers.persons import (
    Beside,
    beside_numbers,
    names_role,
    names_somebody,
    own_mailbox,
    says_personal,
)
from importers.phones import find_phones, is_landline, is_mobile

_REFUSED = (
    "Ce texte semble refuser d'être publié : il est gardé, et reste caché. S'il peut être publié, "
    "écrivez-le seul."
)
_OWN = (
    "C'est le numéro d'une personne : il est gardé, et reste caché. Donnez aussi celui du service."
)
_NAMES = (
    "Ce texte nomme une personne ou donne son numéro : il n'est pas repris. Écrivez-le sans nom ni "
    "numéro personnel."
)
_OPEN = ("phone_front_gate", "phone", "duty_phone", "email")
_WITHHELD = ("phone_withheld", "email_withheld")
# What says that a number is somebody's own, or of the night, whatever else its line says.
_OWN_LINE = re.compile(r"\b(?:ld|direct(?:e|s|es|ement)?|astreintes?|perso(?:nnel(?:le)?s?)?)\b")
Find = Callable[[str], list[str]]
# What the line says of its place and name: no person's name, in a mailbox or beside a number.
_PLACES = ("name", "acronym", "section", "city", "territory", "address", "website", "coverage")


class Reach(TypedDict):
    """Fields of an ActorRow: how the actor is reached, and what of it is not published."""

    phones: tuple[str, ...]
    emails: tuple[str, ...]
    contacts: tuple[str, ...]
    unpublished: tuple[str, ...]
    beside_names: tuple[str, ...]


def read_reach(
    line: Line,
    territory: str,
    phones: tuple[str, ...],
    emails: tuple[str, ...],
    persons: tuple[str, ...] = (),
) -> Reach:
    """Return phones and mailboxes of a line, those of withheld columns behind those that were read.

    persons: names that a cell of everything holds: a mobile beside them is in doubt theirs. Report
    each cell that refuses, or that gives what is a person's.
    """

    def find(text: str) -> list[str]:
        return find_phones(text[: LONGEST["phone"]], territory)[0]

    places = " ".join(line.text(field) for field in _PLACES)
    personal = bool(persons) or says_personal(line.text("description"))
    unpublished = dict.fromkeys(each for each in phones if personal and is_mobile(each))
    contacts = dict.fromkeys(persons)
    # What a name alone withholds, and what something else does.
    named: set[str] = set()
    more: set[str] = set()
    withheld = [(field, cell) for field in _WITHHELD for cell in line.cells(field)]
    given = _given(line, find, places, emails) if withheld else set[str]()
    for field, cell in withheld:
        theirs, by_name = _withheld_of(field, cell, find, emails, given)
        unpublished |= dict.fromkeys(theirs)
        named |= by_name
        more |= {*theirs} - by_name
        contacts |= dict.fromkeys(beside_numbers(cell.text, find, places).names)
    for field in _OPEN:
        for cell in line.cells(field):
            if _refuses(field, cell, emails) and (
                found := (*find(cell.text), *read_emails(cell.text))
            ):
                unpublished |= dict.fromkeys(found)
                more |= {*found}
                line.report_cell(cell.title, cell.given, _REFUSED)
            if "@" not in cell.text:
                beside = beside_numbers(cell.text, find, places)
                contacts |= dict.fromkeys(beside.names)
                if set(beside.numbers) - unpublished.keys():
                    line.report_cell(cell.title, cell.given, _OWN)
                unpublished |= dict.fromkeys(beside.numbers)
                by_name = _by_name_alone(cell.text, beside)
                named |= by_name
                more |= {*beside.numbers} - by_name
    unpublished |= dict.fromkeys(mail for mail in emails if own_mailbox(mail, places))
    known = {*phones, *emails}
    return Reach(
        phones=(*phones, *(each for each in unpublished if each not in known and "@" not in each)),
        emails=(*emails, *(each for each in unpublished if each not in known and "@" in each)),
        contacts=tuple(contacts),
        unpublished=tuple(unpublished),
        beside_names=tuple(each for each in unpublished if each in named - more),
    )


def _withheld_of(
    field: str, cell: Cell, find: Find, emails: tuple[str, ...], given: set[str]
) -> tuple[list[str], set[str]]:
    """Return the numbers and mailboxes of a withheld cell, and those that a name alone withholds.

    given: what its line gives to anybody, which a person beside it does not take away.
    """
    found = [*find(cell.text), *read_emails(cell.text)]
    if not _is_of_persons(field, cell, emails):
        return found, set()
    theirs = found if _OWN_LINE.search(fold(cell.text)) else [e for e in found if e not in given]
    has_role = names_role(fold(f"{cell.title} {cell.text}"))
    return theirs, set() if has_role else {each for each in theirs if is_landline(each)}


def _is_of_persons(field: str, cell: Cell, emails: tuple[str, ...]) -> bool:
    """Return whether nothing withholds a cell but that its title is one of persons."""
    is_theirs = names_persons(cell.title) and not any(map(secrecy.governs, (cell.title, cell.text)))
    return is_theirs and not _refuses(field, cell, emails) and not says_personal(cell.text)


def _given(line: Line, find: Find, places: str, emails: tuple[str, ...]) -> set[str]:
    """Return the landlines and mailboxes that a line gives to anybody, in a column of their own."""
    found = {mail for cell in line.cells("email") for mail in read_emails(cell.text)}
    found -= {mail for mail in found if own_mailbox(mail, places)}
    refused = [
        cell for field in _OPEN for cell in line.cells(field) if _refuses(field, cell, emails)
    ]
    for field in ("phone_front_gate", "phone"):
        for cell in line.cells(field):
            beside = beside_numbers(cell.text, find, places)
            # One column may hold the persons and their numbers on lines of their own.
            if names_persons(cell.title):
                continue
            if not (beside.names or beside.numbers or says_personal(cell.text)):
                found |= {each for each in find(cell.text) if is_landline(each)}
    return found - {
        each for cell in refused for each in (*find(cell.text), *read_emails(cell.text))
    }


def _by_name_alone(text: str, beside: Beside) -> set[str]:
    """Return the numbers of a cell that only the name of somebody withholds: none that may be
    somebody's own, as a mobile or a direct line.
    """
    if not beside.names or says_personal(text) or names_role(fold(text)):
        return set()
    return {each for each in beside.numbers if is_landline(each)}


def read_words(line: Line, field: str, territory: str, value: str | None) -> str | None:
    """Return words that may be public, or None, reported: they give what is a person's."""
    value = secrecy.withdrawn(line, field, value)
    if value is None:
        return None

    def find(text: str) -> list[str]:
        return find_phones(text[: LONGEST["phone"]], territory)[0]

    places = " ".join(line.text(each) for each in _PLACES)
    own = names_somebody(value, places) or beside_numbers(value, find, places).numbers
    if own or any(own_mailbox(mail, places) for mail in read_emails(value)):
        line.report(field, _NAMES)
        return None
    return value


def _refuses(field: str, cell: Cell, emails: tuple[str, ...]) -> bool:
    """Return whether words of a cell, or its title, refuse; a mailbox is no word."""
    text = cell.text
    # The whole title of a number of the night says that it is of the public.
    titled = field != "duty_phone" and secrecy.governs(cell.title) in _WITHHELD
    if "@" in text:
        for mail in (*emails, *read_emails(text)):
            text = text.replace(mail, " ")
        text = " ".join(word for word in text.split() if "@" not in word)
    if "?" not in text and not may_have_words(text):
        return titled
    return secrecy.refuses(text) or titled
