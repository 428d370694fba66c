"""Text of a cell that no spreadsheet takes for a formula, and that any program reads back."""

import re

# Characters in UTF-16: Excel cuts what is longer without saying so.
LONGEST = 32_767
CUT = "…"

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAK = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# What begins a formula, in full width and small forms too. Invisible characters may stand before
# it, and quotes, which a program that splits cells elsewhere removes.
_UNSEEN = r"[\s\"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
_FORMULA = re.compile(f"{_UNSEEN}[{_SIGNS}]")
# A program that takes another separator than ours begins a cell behind each of these.
SEPARATORS = ",;|"
_BEGINNING = re.compile(rf"(^|[{SEPARATORS}])({_UNSEEN})(?=[{_SIGNS}])")


def clean(text: str) -> str:
    """Return a text without what XML and spreadsheets refuse; its lines end with \\n."""
    if not text.isprintable():
        text = _CONTROL.sub("", _BREAK.sub("\n", text)).replace("\t", " ")
    text = text.strip()
    return _cut(text) if len(text) > LONGEST // 2 else text


def one_line(text: str) -> str:
    """Return a clean text whose lines are parted by commas, so that a record is one line."""
    text = clean(text)
    if "\n" not in text:
        return text
    lines = (line.strip() for line in text.split("\n"))
    return ", ".join(line for line in lines if line)


def begins_formula(text: str) -> bool:
    """Tell whether a spreadsheet might run a cell that holds this text."""
    return _FORMULA.match(text) is not None


def defused(text: str) -> str:
    """Return a text with an apostrophe before each sign that would begin a formula.

    An apostrophe, since the text stays as it is read; where a cell begins, and where one would
    begin for a program that takes commas for separators.
    """
    if begins_formula(text) or any(separator in text for separator in SEPARATORS):
        return _BEGINNING.sub(r"\1\2'", text)
    return text


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) // 2 <= LONGEST:
        return text
    # Where the cut falls within a pair of surrogates, its half is dropped.
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT
