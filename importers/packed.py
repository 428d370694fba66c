"""Splits a cell that holds an address, telephones, mailboxes and names of persons together.

What is not surely of one kind goes nowhere: an address and hours are public, and a name is not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from geo.gazetteer import Gazetteer
from geo.postal import BOX, POSTCODE, has_cedex
from geo.street import find_street
from geo.text import capitals, fold
from geo.ways import BUILDING, PLACE, SITE, STREET_UNNUMBERED, WAYS
from importers.contacts import EMAIL, WEB, find_website, read_emails
from importers.line import Cell, Line
from importers.phones import BOTH, FAX, find_phones, has_lost_zero
from importers.vocabulary import load

_DAYS = r"(?:lun|mar|mer|jeu|ven|sam|dim)(?:di|credi|dredi|edi|anche)?\b\.?"
_DAY_SPAN = re.compile(rf"(\b{_DAYS})\s+[-–]\s+(?={_DAYS})", re.IGNORECASE)
# "9h - 12h", "25 - 27 rue X" and "01 43 93 93 93 / 94" stay in one piece.
_BREAK = re.compile(r"\n|[;|•]|(?<![\dh])\s+[-–—/]\s+|\s+[-–—/]\s+(?!\d)")
_TEL = (
    r"T[ée]l(?:[ée]phone)?s?(?:/Fax)?|Fax|T[ée]l[ée]copie(?:ur)?|Portables?|Port|Mob(?:ile)?|GSM"
    r"|Fixe|Standard|Secr[ée]tariat|N°\s*vert|Num[ée]ro\s+vert|[TF](?=\s*[:.]\s*[+(0])"
)
_MAIL = r"Adresses?\s+(?:e-?mail|mail|[ée]lectronique)s?|E-?mails?|Mails?|Courriels?|M[ée]l|@"
_SITE_LABEL = r"Sites?(?:\s+(?:web|internet))?|Web|Internet"
_ROLE = (
    r"Contacts?|Responsable|Direct(?:eur|rice)|R[ée]f[ée]rente?s?|Interlocut\w+|Pr[ée]sidente?"
    r"|Chef(?:fe)?\s+de\s+service|Coordinat\w+"
)
_PLAIN = r"Horaires?(?:\s+d['’]ouverture)?|Adresse(?:\s+postale)?|Coordonn[ée]es"
_LABELLED = re.compile(
    rf"(?<![\w/'’])(?=(?:{_TEL}|{_MAIL}|{_SITE_LABEL}|{_ROLE}|{_PLAIN})(?:\s+[\w.]+)?\s*:)"
    r"|(?<![\w/])(?=(?:T[ée]l(?:[ée]phone)?|Fax|(?:Port|Mob)(?=\.))\b\.?\s*(?:\+|\(?0))",
    re.IGNORECASE,
)
_TEL_FIRST = re.compile(rf"\W*(?:{_TEL})\b(?=[\s.:\d+(]|$)", re.IGNORECASE)
_LABEL = re.compile(
    rf"\b(?:{_TEL}|{_MAIL}|{_SITE_LABEL}|{_PLAIN})\s*(?:\.|:|\b)\s*:?", re.IGNORECASE
)
_MAIL_LABEL = re.compile(rf"(?:(?<![\w])(?:{_MAIL})\s*:?\s*)?{EMAIL.pattern}", re.IGNORECASE)
_LONG = re.compile(
    r"(?:\+\s?|\b00\s?)\d{2,3}(?:[\s.\-()]{0,2}\d){6,12}|\(?\b0\)?(?:[\s.\-–]{0,2}\d){9}(?!\d)"
)
_HOURS = re.compile(
    rf"\b\d{{1,2}}\s?h(?:\s?\d\d)?\b|\b{_DAYS}(?=\W|$)|\b24\s?h?\s?/\s?24|\b7\s?j?\s?/\s?7\b"
    r"|\bsur (?:rendez|r\.?d\.?v)",
    re.IGNORECASE,
)
_ON_CALL = re.compile(r"\bsur (?:rendez[- ]?vous|r\.?d\.?v\b\.?)", re.IGNORECASE)
_EXTENSION = re.compile(r"\bpostes?\b\s*:?\s*\d[\d/ ]*", re.IGNORECASE)
_CIVILITY = r"(?:M\.?|Mrs?\.?|MM\.|Mmes?|Mlles?|Monsieur|Madame|Mademoiselle)"
_PERSON = re.compile(
    rf"(?:chez\s+|c/o\s+)?(?:{_CIVILITY}|Drs?\.?|Docteure?|Me|Ma[iî]tre|Pr\.?|Professeure?)"
    r"\s+[A-ZÀ-Þ]"
)
_PERSON_INSIDE = re.compile(rf"(?<=[\s,(]){_CIVILITY}\s+(?=[A-ZÀ-Þ])")
_NAME = re.compile(
    r"[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?\s+[A-ZÀ-Þ'’-]{2,}(?:\s[A-ZÀ-Þ'’-]{2,})?"
    r"|[A-ZÀ-Þ'’-]{2,}(?:\s[A-ZÀ-Þ'’-]{2,})?\s+[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?"
)
_WORDS_IN_CAPITALS = re.compile(
    r"[A-ZÀ-Þ][\w'’-]+(?:\s+(?:de |d['’]|le |la )?[A-ZÀ-Þ][\w'’-]+){1,2}"
)
_ROLE_FIRST = re.compile(rf"(?:{_ROLE})\b[^:]{{0,30}}:\s*(?=\S)", re.IGNORECASE)
_PLACE_FIRST = re.compile(
    rf"(?:{STREET_UNNUMBERED}|{PLACE}|{SITE}|{'|'.join(BUILDING)}|{BOX}\s*\d)(?:\b|(?<=\d))"
)
# Between a name and its number; they say nothing where they stand alone.
_FILLERS = frozenset({
    "ou", "et", "au", "du", "de", "le", "la", "fixe", "standard", "accueil", "secretariat",
    "site", "web", "internet", "mail", "email", "t", "f",
})  # fmt: skip
_MOST = 4_000
_NO_PLACE = (
    "Ce n'est ni une adresse, ni un téléphone, ni une adresse électronique : cette partie "
    "n'est pas reprise. Mettez-la à part si elle doit l'être."
)

IsTown = Callable[[str], bool]


class Packed(NamedTuple):
    """What a cell holds. contacts: names of persons, never public. rest: what has no place.

    phone_text, email_text: the words among which phones and mailboxes stand, which may forbid to
    give them.
    """

    address: str | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    website: str | None = None
    contacts: tuple[str, ...] = ()
    hours: str | None = None
    rest: str | None = None
    phone_text: str | None = None
    email_text: str | None = None


def unpack(text: str, territory: str | None, is_town: IsTown | None = None) -> Packed:
    """Return what a cell holds, each kind apart. is_town: whether a lone name is a commune's."""
    found = _Found(territory, is_town or (lambda _: False))
    text = BOTH.sub("Tél/Fax", text[:_MOST].replace("\u00a0", " "))
    for line in _BREAK.split(_DAY_SPAN.sub(r"\1-", text)):
        for chunk in _LABELLED.split(line):
            found.take(chunk)
    return found.packed()


@dataclass
class _Found:
    territory: str | None
    is_town: IsTown
    streets: list[str] = field(default_factory=list)
    towns: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    wrote: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    hours: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    website: str | None = None
    # The person named just before: a number that follows may be theirs.
    person: str = ""

    def packed(self) -> Packed:
        def lines(texts: list[str]) -> str | None:
            return "\n".join(dict.fromkeys(texts)) or None

        return Packed(
            lines([*self.streets, *self.towns]),
            tuple(dict.fromkeys(self.phones)),
            read_emails(" ".join(self.emails)),
            self.website,
            tuple(dict.fromkeys(self.contacts)),
            lines(self.hours),
            lines(self.rest),
            lines(self.said),
            lines(self.wrote),
        )

    def take(self, chunk: str) -> None:
        """Take mailboxes, web sites and phones out of a chunk, and sort what is left."""
        if not chunk.strip(" ,"):
            return
        mailboxes = read_emails(chunk)
        if mailboxes:
            self.emails += mailboxes
            self.wrote.append(_LONG.sub(" ", chunk).strip())
            chunk = _MAIL_LABEL.sub(" , ", chunk)
        if site := find_website(chunk):
            self.website = self.website or site
            chunk = WEB.sub(" , ", chunk) if WEB.search(chunk) else ""
        heard, named = len(self.said), len(self.contacts)
        for text in map(_tidy, self._without_phones(chunk).split("\n")):
            if mailboxes and _is_of(text, mailboxes):
                self.contacts.append(text)
            else:
                self._sort(text)
        if len(self.contacts) > named:
            self.person = self.contacts[-1]
        elif len(self.said) == heard and not mailboxes:
            self.person = ""

    def _without_phones(self, chunk: str) -> str:
        """Take the phones of a chunk, and return what stands around them."""
        long = list(_LONG.finditer(chunk))
        labelled = _TEL_FIRST.match(chunk)
        if not long and not labelled:
            alone = re.fullmatch(r"[\s,]*\d[\d .]{1,7}[\s,]*", chunk) or has_lost_zero(chunk)
            if alone and (numbers := find_phones(chunk, self.territory)[0]):
                self.phones += numbers
                self.said.append(f"{self.person} {chunk.strip(' ,')}".strip())
                return ""
            return chunk
        before, behind = "", ""
        if long and not labelled and self._placed(chunk[: long[0].start()]):
            before = chunk[: long[0].start()]
        if long and self._placed(chunk[long[-1].end() :]):
            behind = chunk[long[-1].end() :]
        said = chunk[len(before) : len(chunk) - len(behind)]
        numbers, _ = find_phones(said, self.territory)
        if numbers:
            self.phones += numbers
            self.said.append(f"{self.person} {said.strip(' ,')}".strip())
        elif re.search(r"\d", said) and not FAX.search(said):
            self.rest.append(said.strip(" ,"))
            return f"{before}\n{behind}"
        words = _EXTENSION.sub(" ", _LABEL.sub(" ", _LONG.sub(" ", said)))
        if not _HOURS.search(words):
            words = re.sub(r"\d[\d\s./-]*", " ", words)
        elif on_call := _ON_CALL.search(words):
            # It is said of the hours of the cell, which are not read without it.
            self.hours.append(on_call[0])
            words = words.replace(on_call[0], " ")
        elif not re.search(_DAYS, words, re.IGNORECASE):
            # Hours beside a number are those of its line, not of a door.
            self.rest.append(_tidy(words))
            words = ""
        return f"{before}\n{words}\n{behind}"

    def _sort(self, text: str) -> None:
        text = _tidy(text)
        if set(fold(text).split()) <= _FILLERS:
            return
        if role := _ROLE_FIRST.match(text):
            self._person(text[role.end() :])
        elif _PERSON.match(text):
            self._person(text)
        elif (inside := _PERSON_INSIDE.search(text)) and not _in_a_way(text[: inside.start()]):
            self._sort(text[: inside.start()])
            self._sort(text[inside.start() :])
        else:
            self._sort_plain(text)

    def _sort_plain(self, text: str) -> None:
        timed, placed = bool(_HOURS.search(text)), self._placed(text)
        if timed and placed and "," in text:
            for piece in text.split(","):
                self._sort(piece)
        elif timed != placed:
            if timed:
                self.hours.append(text)
            else:
                self._place(text)
        elif self.is_town(text):
            self.towns.append(text)
        elif not timed and (_NAME.fullmatch(text) or _may_be_a_name(text)):
            self.contacts.append(text)
        else:
            self.rest.append(text)

    def _place(self, text: str) -> None:
        """Take an address, without the words before its number and behind its town."""
        street = find_street(text, ways_only=True) or ""
        number = re.match(r"\d+", street)
        begin = re.search(rf"\b0*{number[0]}\b", text) if number else POSTCODE.search(text)
        before = _tidy(text[: begin.start()]) if begin else ""
        if begin and before and not self._placed(before):
            self._sort(before)
            text = text[begin.start() :]
        text = _tidy(_paired(text))
        if code := POSTCODE.search(text):
            words = text[code.end() :].split()
            towns = (
                n for n in range(len(words), 0, -1) if self.is_town(_tidy(" ".join(words[:n])))
            )
            town = next(towns, 0)
            behind = " ".join(words[town:])
            if town and behind and not has_cedex(behind) and not behind.isdigit():
                self._sort(behind)
                text = f"{text[: code.end()]} {_tidy(' '.join(words[:town]))}"
        (self.towns if POSTCODE.match(text) else self.streets).append(text)

    def _person(self, text: str) -> None:
        """Take a name with what is said of the person, up to where an address begins."""
        pieces = text.split(",")
        end = next((i for i, each in enumerate(pieces) if i and self._placed(each)), len(pieces))
        self.contacts.append(",".join(pieces[:end]).strip(" ,:-"))
        if end < len(pieces):
            self._sort(",".join(pieces[end:]))

    def _placed(self, text: str) -> bool:
        """Return whether a text begins as an address does, or has a number and way, or a town."""
        text = text.strip(" ,:;.–—-/(")
        street = find_street(text, ways_only=True) or ""
        return bool(
            street[:1].isdigit()
            or POSTCODE.search(text)
            or _PLACE_FIRST.match(capitals(text))
            or ("," in text and self.is_town(text.rpartition(",")[2].strip()))
        )


def _tidy(text: str) -> str:
    """Return a text without the label before it and the signs that stood around what was taken."""
    text = re.sub(rf"^\W*(?:{_PLAIN})\s*:", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\(\W*\)|:\s*(?=\(|$)", " ", text)
    text = re.sub(r"\s*,(?:\s*,)+\s*", ", ", text)
    return re.sub(r"\s+", " ", text).strip(" ,:;.–—-/|")


def _paired(text: str) -> str:
    """Return a text without brackets that nothing opens or closes: "4 rue X 31000 Toulouse)"."""
    if all(text.count(left) == text.count(right) for left, right in ("()", "[]")):
        return text
    return re.sub(r"[()\[\]]", " ", text)


def _in_a_way(before: str) -> bool:
    """Return whether what follows is the name of a way: "rue de Mme de Sévigné"."""
    words = capitals(before).split()[-2:]
    return bool({word.strip(".,") for word in words} & (WAYS | {"R", "AV", "BD", "PL"}))


def _may_be_a_name(text: str) -> bool:
    """Return whether a text is two or three words in capitals, none of which a service has."""
    return bool(_WORDS_IN_CAPITALS.fullmatch(text)) and not (
        set(fold(text).split()) & frozenset(load().services)
    )


def _is_of(text: str, mailboxes: tuple[str, ...]) -> bool:
    """Return whether a text is a person's name that one of the mailboxes holds."""
    words = fold(text).split()
    boxes = [fold(mailbox.partition("@")[0]).split() for mailbox in mailboxes]
    return 2 <= len(words) <= 4 and any(
        len(word) > 2 and word in box for word in words for box in boxes
    )


def spread(line: Line, gazetteer: Gazetteer, territory: str | None) -> tuple[str, ...]:
    """Add what packed cells hold to those fields of a line that have no column of their own.

    Return the names of persons; report what has no place. territory: that of the whole list.
    """
    own = line.fields
    contacts: list[str] = []

    def is_town(name: str) -> bool:
        return bool(gazetteer.find(name))

    for cell in list(line.cells("packed")):
        packed = unpack(cell.text, territory, is_town)
        texts = {
            "address": packed.address,
            "phone": None if "phone_front_gate" in own else packed.phone_text,
            "email": packed.email_text,
            "website": packed.website,
            "opening_hours": packed.hours,
        }
        lone = packed.address if packed.address and is_town(packed.address) else None
        if lone:
            texts |= {"address": None, "city": lone}
        for name, text in texts.items():
            if text and name not in own:
                line.add(name, Cell(cell.title, text, text))
        contacts += packed.contacts
        if packed.rest:
            # "appartements : 5 rue X" is read as an address and a word that hides.
            line.add("unread", Cell("", packed.rest, packed.rest))
            line.report_cell(cell.title, packed.rest, _NO_PLACE)
    return tuple(dict.fromkeys(contacts))
