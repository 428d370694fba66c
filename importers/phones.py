"""Telephone numbers of a cell -> E.164 or short numbers as dialled; and how French writes them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence, Set
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, PhoneNumberType
from stdnum import luhn

from geo.text import UNSEEN, fold, remembered
from importers.contacts import EMAIL

# phonenumbers takes 0269… for a number of mainland France, valid but wrong: the prefix decides.
_REGION_BY_PREFIX = {
    "590": "GP", "690": "GP", "691": "GP",
    "594": "GF", "694": "GF",
    "596": "MQ", "696": "MQ", "697": "MQ",
    "262": "RE", "692": "RE", "693": "RE",
    "269": "YT", "639": "YT",
    "508": "PM",
}  # fmt: skip
_REGION_BY_TERRITORY = {
    "971": "GP", "972": "MQ", "973": "GF", "974": "RE", "975": "PM", "976": "YT",
    "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
_OVERSEAS_CODES = ("262", "508", "590", "594", "596")
# 15, 17, 18, then three or four digits (119, 3919, 1007), and six behind 116 or 118.
_SHORT = re.compile(r"(?:1[578]|11[0-9]|19\d|3\d{3}|10\d{2}|116\d{3}|118\d{3})")
_DIGIT = re.compile(r"\d")
_NO_DIGIT = re.compile(r"\D")
_RUN = re.compile(r"(?:\+\s*|00)?\d(?:[\s.\-_–—·‐‑‒−•∙]*\d)*")
# A line of five pairs with one sign between them that else stands between numbers, or lines of one
# each: "01,99,00,00,10". Among words they are days of a month, or départements.
_PAIRED = re.compile(
    r"^(\s{0,9}(?:t[ée]l\w{0,7}\.?\s{0,3}:?\s{0,3})?)(0[1-9])\s?([,;/\n])\s?(\d\d)\s?\3\s?(\d\d)\s?\3\s?(\d\d)"
    r"\s?\3\s?(\d\d)\s{0,9}$",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
# In some countries a number does not tell a mobile from a landline.
_MAY_BE_MOBILE = frozenset({
    PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PAGER,
    PhoneNumberType.PERSONAL_NUMBER,
})  # fmt: skip
_MAINLAND = re.compile(r"\+33[1-79]\d{8}", re.ASCII)
_OF_TEN = re.compile(r"0\d{9}", re.ASCII)
_WITHOUT_ZERO = re.compile(r"[1-79](?:\d{8}|(?: \d\d){4})", re.ASCII)
# A cell of one number, as most are.
_ALONE = re.compile(r"0[1-9](?:[ .-]?\d\d){4}", re.ASCII)
# Hours, extensions, prices and "7j/7" stand beside numbers: "de 9h à 17h" does not name the 17.
_NO_NUMBER = re.compile(
    r"\b\d{1,2}\s*h\s*\d{0,2}\b(?:\s*/\s*\d{1,2}\b)?|\b\d{1,2}:\d\d\b|\b7\s*j?\s*/\s*7\b"
    r"|\b24\s*/\s*(?:24|7)\b|\b\d+(?:[.,]\d+)?\s*(?:€|euros?\b|cts?\b|centimes?\b)"
    r"|\b(?:postes?|ext(?:ension)?|int)\b\.?\s*(?:n°)?\s*:?\s*\d+"
    r"(?:\s*(?:ou|et|[/,&-])\s*\d{1,5}\b(?![\s.]*\d))*|\bn°\s*\d(?=\s)",
    re.IGNORECASE,
)
_PIECES = re.compile(r"[/;,|]|\bou\b|\bet\b|\bpuis\b", re.IGNORECASE)
_FAX_WORD = r"(?:t[ée]l[ée])?fax|t[ée]l[ée]copie(?:ur)?s?|t[ée]l[ée]c"
_TEL_WORD = r"t[ée]l(?:[ée]phone)?s?"
# "Tél/Fax : 01 …" is answered by a person as well.
BOTH = re.compile(
    rf"\b{_TEL_WORD}\b\.?\s*(?:[-–/&+,]|et|ou)?\s*(?:{_FAX_WORD})\b"
    rf"|\b(?:{_FAX_WORD})\b\.?\s*(?:[-–/&+,]|et|ou)?\s*{_TEL_WORD}\b|\bT\s*/\s*F\b",
    re.IGNORECASE,
)
FAX = re.compile(rf"\b(?:{_FAX_WORD})\b|\bF\b\s*[:.]", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}|[^\W\d_]\s*[:.]")
# The only words beside which two digits are a number to call: "police 17".
_CALLS = frozenset({
    "le", "tel", "telephone", "police", "samu", "pompiers", "composer", "faire", "faites",
    "numero", "urgence",
})  # fmt: skip
# What stands between two signs that part numbers: its text, its words, its runs of digits.
_Piece = tuple[str, Set[str], Sequence[re.Match[str]]]
# Digits of the shortest number that is somebody's own, in New Caledonia.
SHORTEST = 6


def _plain_digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def find_phones(text: str, territory: str | None = None) -> tuple[list[str], list[str]]:
    """Return the numbers of a cell, in order and once each, and what resembles one but is none.

    "01 43 93 93 93 / 119" -> (["+33143939393", "119"], []). Words around numbers are left aside,
    and so are faxes.
    """
    if _ALONE.fullmatch(text) and (alone := one_phone(text, territory)):
        return [alone], []
    numbers: list[str] = []
    odd: list[str] = []
    if not _DIGIT.search(text):
        return numbers, odd
    for line in _lines(text):
        _read_line(line, territory, numbers, odd)
    return list(dict.fromkeys(numbers)), odd


# Whoever looks for the numbers of several territories asks for the same text again.
@remembered(4)
def _lines(text: str) -> tuple[tuple[_Piece, ...], ...]:
    """Return the pieces of each line of a cell that has digits."""
    if not text.isascii():
        # Digits of other widths; no sign of a footnote, which is none.
        text = text.translate(UNSEEN)
        if any(sign.isdecimal() and not sign.isascii() for sign in set(text)):
            text = "".join(map(_plain_digit, text))
    if "@" in text:
        text = EMAIL.sub(" ", text)
    text = _PAIRED.sub(r"\1\2 \4 \5 \6 \7", text)
    text = BOTH.sub("tel", _NO_NUMBER.sub(" ", text.replace("\u00a0", " ")))
    # "+33 (0)1 …" has a zero that is not dialled, "(01) 43 …" has one that is.
    text = re.sub(r"\((\+?\d{1,4})\)", r" \1 ", re.sub(r"\(\s*0\s*\)", " ", text))
    return tuple(tuple(map(_piece, _PIECES.split(line))) for line in text.split("\n"))


def _piece(text: str) -> _Piece:
    words = frozenset(re.findall(r"[^\W\d]+", fold(text)))
    return text, words, tuple(_RUN.finditer(text))


def _read_line(
    line: Iterable[_Piece], territory: str | None, numbers: list[str], odd: list[str]
) -> None:
    """Add the numbers of a line to numbers, and what resembles one to odd."""
    fax = False
    for piece, words, runs in line:
        ends = [0, *(run.end() for run in runs)]
        for at, run in enumerate(runs):
            before = piece[ends[at] : run.start()]
            # A fax behind a fax has no word of its own: "Fax : 01 … / 02 …".
            fax = bool(FAX.search(before)) or (fax and not _LETTERS.search(before))
            behind = piece[run.end() :] if run is runs[-1] else ""
            if fax or (
                not _LETTERS.search(before)
                and re.search(rf"\b(?:{_FAX_WORD})\b[^:]*$", behind, re.IGNORECASE)
            ):
                continue
            for part in _parts(run[0].strip()):
                found = _ending(part, words, numbers) or one_phone(part, territory)
                if found and (len(found) > 2 or words <= _CALLS):
                    numbers.append(found)
                elif len(re.sub(r"\D", "", part)) > 2 or not words:
                    odd.append(part)
        if runs or words:
            fax = bool(FAX.search(piece[ends[-1] :])) or (fax and bool(runs))


def has_lost_zero(cell: str) -> bool:
    """Return whether all of a cell is a number whose zero a program took away, and no SIREN.

    One that may be both is neither.
    """
    text = cell.strip(" ,\t")
    return bool(_WITHOUT_ZERO.fullmatch(text)) and (" " in text or not luhn.is_valid(text))


def _ending(part: str, words: Set[str], numbers: list[str]) -> str | None:
    """Return the number before with another end: "01 43 93 93 93 / 94".

    Behind a number the 15, the 17 and the 18 are numbers of their own.
    """
    before = numbers[-1] if numbers else ""
    if words or len(before) < 10 or not re.fullmatch(r"\d\d", part) or _SHORT.fullmatch(part):
        return None
    return _parsed(before[:-2] + part, None)


def _parts(run: str) -> list[str]:
    """Return numbers that are written one after the other apart, else the run as it is.

    "01 43 93 93 93 - 3919", "0143939393 0143939394", "93000 01 43 93 93 93".
    """
    digits = re.sub(r"\D", "", run)
    if len(digits) == 20 and digits[0] == digits[10] == "0":
        return [digits[:10], digits[10:]]
    if len(digits) <= 10 or run.startswith(("+", "00")):
        return [run]
    groups = re.findall(r"\d+", run)
    parts: list[str] = []
    at = 0
    while at < len(groups):
        end, size = at, 0
        while end < len(groups) and groups[at][0] == "0" and size < 10:
            size += len(groups[end])
            end += 1
        if size == 10:
            parts.append(" ".join(groups[at:end]))
            at = end
        else:
            parts.append(groups[at])
            at += 1
    # What stands between two numbers is one of them whole, never a piece of one.
    return parts if any(len(part) > 9 for part in parts) else [run]


def one_phone(text: str, territory: str | None = None) -> str | None:
    """Return one number as E.164 or as dialled, None where it is no number."""
    plus = text.strip().startswith(("+", "00"))
    digits = _NO_DIGIT.sub("", text)
    if plus:
        digits = digits.removeprefix("00")
        return _parsed("+" + digits, None) or _doubled(digits, territory)
    if _SHORT.fullmatch(digits):
        return digits
    if len(digits) == 11 and digits.startswith("33"):
        return _parsed("+" + digits, None)
    if len(digits) == 12 and digits[:3] in _OVERSEAS_CODES:
        return _parsed("+" + digits, None)
    if len(digits) == 9 and digits[0] != "0":
        digits = "0" + digits
    if territory in ("986", "987", "988") and len(digits) in (6, 8):
        return _parsed(digits, _REGION_BY_TERRITORY[territory])
    if len(digits) == 6 and territory == "975" and digits[0] in "45":
        return _parsed(digits, "PM")
    # Saint-Pierre-et-Miquelon has six digits behind +508, which is also dialled 05 08.
    if len(digits) == 10 and digits.startswith("0508"):
        return _parsed(digits[4:], "PM") or _parsed(digits, "PM")
    if len(digits) != 10 or digits[0] != "0":
        return None
    return _parsed(digits, region_of(digits, territory))


def _doubled(digits: str, territory: str | None) -> str | None:
    """Return an overseas number whose prefix stands for the country's code, or is taken for it.

    "+590 85 19 50" is 0590 85 19 50, "+269 2 69 61 12 34" is 0269 61 12 34.
    """
    if digits[:3] not in _REGION_BY_PREFIX:
        return None
    if len(digits) == 9:
        # Mayotte dials 0269 behind the code of La Réunion, +262.
        own = "269" if digits.startswith("262") and territory == "976" else digits[:3]
        return one_phone(f"0{own}{digits[3:]}", territory)
    if len(digits) == 12 and digits[3:6] in _REGION_BY_PREFIX:
        return one_phone(f"0{digits[3:]}", territory)
    if len(digits) == 13 and digits[3] == "0" and digits[4:7] in _REGION_BY_PREFIX:
        return one_phone(digits[3:], territory)
    return None


def region_of(digits: str, territory: str | None) -> str:
    """Return the region of a number of ten digits: by its prefix, then by the territory."""
    region = _REGION_BY_PREFIX.get(digits[1:4])
    own = _REGION_BY_TERRITORY.get(territory or "")
    if region == "GP" and own in ("BL", "MF"):
        return own
    # 0976 is a number of any place; 08… and 09… belong to the mainland's plan everywhere.
    if region is None and own and digits[1] in "6789" and _valid(digits, own):
        return own
    return region or "FR"


def _valid(digits: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except NumberParseException:
        return False


def _parsed(text: str, region: str | None) -> str | None:
    # As nearly all are: to have it parsed takes ten times as long.
    if region == "FR" and _OF_TEN.fullmatch(text) and _fixed_line().fullmatch(text, 1):
        return f"+33{text[1:]}"
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return _redirected(text, region)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@cache
def _fixed_line() -> re.Pattern[str]:
    """Return what phonenumbers takes for a fixed line of the mainland."""
    mainland = PhoneMetadata.metadata_for_region("FR")
    given = [mainland and mainland.general_desc, mainland and mainland.fixed_line]
    whole, fixed = (each and each.national_number_pattern for each in given)
    # Where there is none, it is asked itself.
    return re.compile(rf"(?=(?:{whole})$)(?:{fixed})" if whole and fixed else r"(?!)", re.ASCII)


def _redirected(text: str, region: str | None) -> str | None:
    """Return an overseas number that was written behind +33: "+33262905050" is +262262905050."""
    if region is None and text.startswith("+33") and text[3:6] in _REGION_BY_PREFIX:
        return _parsed("0" + text[3:], _REGION_BY_PREFIX[text[3:6]])
    return None


def format_french(number: str) -> str:
    """Return a number as French writes it.

    "01 43 93 93 93", "0 800 05 95 95", "116 000", "39 19", "119".
    """
    if not number.startswith("+"):
        if len(number) == 6:
            return f"{number[:3]} {number[3:]}"
        return f"{number[:2]} {number[2:]}" if len(number) == 4 else number
    # A shorter way for nearly all of them: phonenumbers takes fifty times as long.
    if _MAINLAND.fullmatch(number):
        return " ".join(_pairs("0" + number[3:]))
    parsed = phonenumbers.parse(number)
    national = str(parsed.national_number)
    if parsed.country_code == 508 and len(national) == 6:
        return " ".join(_pairs("0508" + national))
    if parsed.country_code in (33, *map(int, _OVERSEAS_CODES)) and len(national) == 9:
        if national.startswith("8"):
            return " ".join(["0", national[:3], *_pairs(national[3:])])
        return " ".join(_pairs("0" + national))
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def _pairs(digits: str) -> list[str]:
    return [digits[at : at + 2] for at in range(0, len(digits), 2)]


def tel_href(number: str) -> str:
    """Return the address that dials: "tel:+33143939393", "tel:119"."""
    return f"tel:{number}"


def is_landline(number: str) -> bool:
    """Return whether a number in E.164 surely is of a place: no mobile, of any country."""
    return _number_type(number) == PhoneNumberType.FIXED_LINE


def is_mobile(number: str) -> bool:
    """Return whether a number in E.164 is, or may be, a mobile's, of any country."""
    return _number_type(number) in _MAY_BE_MOBILE


# Phonenumbers takes some eighty microseconds, and nearly all numbers are of the mainland.
@remembered(1_000)
def _number_type(number: str) -> int:
    if number.startswith(("+336", "+337")):
        return PhoneNumberType.MOBILE
    if number.startswith("+33") and _fixed_line().fullmatch(number, 3):
        return PhoneNumberType.FIXED_LINE
    try:
        return phonenumbers.number_type(phonenumbers.parse(number, None))
    except NumberParseException:
        return PhoneNumberType.UNKNOWN
