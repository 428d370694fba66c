"""Telephone numbers of a cell -> E.164 or short numbers as dialled; and how French writes them."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from geo.text import fold

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
# Two to four digits (17, 119, 3919, 1007), and six behind 116 or 118.
_SHORT = re.compile(r"(?:1\d|11[0-9]|19\d|3\d{3}|10\d{2}|116\d{3}|118\d{3})")
_RUN = re.compile(r"(?:\+|00)?\d(?:[\s.\-_–]*\d)*")
_MAINLAND = re.compile(r"\+33[1-79]\d{8}", re.ASCII)
# Hours, extensions and "7j/7" stand beside numbers: "de 9h à 17h" does not name the 17.
_NO_NUMBER = re.compile(
    r"\b\d{1,2}\s*[hH:]\s*\d{0,2}\b(?:\s*/\s*\d{1,2}\b)?|\b7\s*j?\s*/\s*7\b|\bpostes?\s*:?\s*\d+",
    re.IGNORECASE,
)
# The only words beside which two digits are a number to call: "police 17".
_CALLS = frozenset({
    "le", "tel", "telephone", "police", "samu", "pompiers", "composer", "faire", "faites",
    "numero", "urgence",
})  # fmt: skip


def find_phones(text: str, territory: str | None = None) -> tuple[list[str], list[str]]:
    """Return the numbers of a cell, in order and once each, and what resembles one but is none.

    "01 43 93 93 93 / 119" -> (["+33143939393", "119"], []). Words around numbers are left aside.
    """
    numbers: list[str] = []
    odd: list[str] = []
    text = _NO_NUMBER.sub(" ", text.replace("\u00a0", " "))
    # "+33 (0)1 …" has a zero that is not dialled, "(01) 43 …" has one that is.
    text = re.sub(r"\((\+?\d{1,4})\)", r" \1 ", text.replace("(0)", " "))
    for piece in re.split(r"[\n/;,|]|\bou\b|\bet\b|\bpuis\b", text):
        words = set(re.findall(r"[^\W\d]+", fold(piece)))
        for run in _RUN.findall(piece):
            for part in _parts(run.strip()):
                found = one_phone(part, territory)
                if found and (len(found) > 2 or words <= _CALLS):
                    numbers.append(found)
                elif len(re.sub(r"\D", "", part)) > 2 or not words:
                    odd.append(part)
    return list(dict.fromkeys(numbers)), odd


def _parts(run: str) -> list[str]:
    """Return two numbers that are written one after the other apart, else the run as it is."""
    digits = re.sub(r"\D", "", run)
    if len(digits) == 20 and digits[0] == digits[10] == "0":
        return [digits[:10], digits[10:]]
    return [run]


def one_phone(text: str, territory: str | None = None) -> str | None:
    """Return one number as E.164 or as dialled, None where it is no number."""
    plus = text.strip().startswith(("+", "00"))
    digits = re.sub(r"\D", "", text)
    if plus:
        return _parsed("+" + digits.removeprefix("00"), None)
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
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return _redirected(text, region)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


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
