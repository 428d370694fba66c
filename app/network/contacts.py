"""A spreadsheet of contacts: the addresses in it and nothing else; no file is kept."""

import re
from dataclasses import dataclass

from app.accounts.errors import MailMalformed
from app.accounts.people import valid_mail
from app.network.errors import ContactsUnread
from app.settings import Settings
from importers.errors import UnreadableList
from importers.readers import read_tables

FILE_MAX, ROWS_MAX = 5_000_000, 5_000
_MAIL = re.compile(r"[^\s,;<>()\"]+@[^\s,;<>()\"]+")
# Lines that are shown one by one.
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A line of which no address is taken, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """What a file says: each address once, in its order, and the lines that a person looks at."""

    mails: tuple[str, ...]
    doubtful: tuple[Doubtful, ...]


def read_contacts(data: bytes, filename: str, settings: Settings) -> Contacts:
    """Return the addresses of a file; raise ContactsUnread."""
    most = min(FILE_MAX, settings.import_max_bytes)
    try:
        tables = read_tables(data, filename, max_bytes=most, max_rows=ROWS_MAX)
    except UnreadableList as error:
        raise ContactsUnread(problem=str(error)) from None
    mails: dict[str, str] = {}
    doubtful = []
    for table in tables:
        is_first = True
        for row in table.rows:
            said = " ".join(row.cells)
            if not said.strip():
                continue
            found = {each.strip(".'") for each in _MAIL.findall(said)}
            why = _why_not(found)
            # Titles have no address.
            if why and not (is_first and "@" not in said):
                doubtful.append(Doubtful(row.line, why))
            elif not why:
                mail = valid_mail(found.pop())
                mails.setdefault(mail.casefold(), mail)
            is_first = False
    return Contacts(tuple(mails.values()), tuple(doubtful))


def pasted(text: str) -> tuple[list[str], list[str]]:
    """Return the addresses of a text, one a line, each once; and the lines that are none."""
    mails: dict[str, str] = {}
    wrong = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            mail = valid_mail(line)
        except MailMalformed:
            wrong.append(line)
        else:
            mails.setdefault(mail.casefold(), mail)
    return list(mails.values()), wrong


def _why_not(found: set[str]) -> str:
    if not found:
        return "aucune adresse électronique"
    if len({each.casefold() for each in found}) > 1:
        return "plusieurs adresses : gardez-en une"
    try:
        valid_mail(next(iter(found)))
    except MailMalformed:
        return "adresse mal écrite"
    return ""
