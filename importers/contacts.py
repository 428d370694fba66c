"""Mail and web addresses, checked without asking the network."""

import re
from urllib.parse import urlsplit, urlunsplit

from email_validator import EmailNotValidError, validate_email

from geo.text import remembered

MAX_URL = 500


# A word around "@", without what encloses it: "<a@b.fr>", "Mail:a@b.fr".
_APART = r"\s;,/<>|()\[\]\"«»:=?"
EMAIL = re.compile(rf"(?<![^{_APART}])[^{_APART}@]+@[^{_APART}@]+(?![^{_APART}])")
WEB = re.compile(r"(?:https?://|www\.)[^\s;,<>|()\"«»]+", re.IGNORECASE)
# What stands before "@" in most mailboxes, and in one that stands for them.
_PLAIN = re.compile(r"[a-z\d]+(?:[._-][a-z\d]+)*", re.ASCII)
_ANYBODY = "x@"
# Letters of a mailbox; the limits of mail are higher.
_SHORT = 60
_DOMAIN = re.compile(r"(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,10}(?:/\S*)?", re.IGNORECASE)


def read_emails(text: str) -> tuple[str, ...]:
    """Return every valid address of a text, in order, once each whatever its capitals.

    "mailto:a@b.fr ; C@d.fr" -> ("a@b.fr", "C@d.fr").
    """
    found: dict[str, str] = {}
    for word in EMAIL.findall(text):
        if valid := _valid(word):
            found.setdefault(valid.lower(), valid)
    return tuple(found.values())


def wrong_emails(text: str) -> tuple[str, ...]:
    """Return the words of a text that hold "@" and are no valid address."""
    if text.count("@") == 1 and read_emails(text):
        return ()
    left = EMAIL.sub(lambda word: " " if _valid(word[0]) else word[0], text)
    return tuple(word for word in left.split() if "@" in word)


# An address is asked for by several of these functions.
@remembered(16)
def _valid(word: str) -> str | None:
    word = word.strip(".'’-")
    local, _, domain = word.partition("@")
    # As nearly all are. A name that mail reads in any capitals is written in small ones.
    if word.isascii() and len(word) <= _SHORT and _PLAIN.fullmatch(local):
        found = _checked(f"{_ANYBODY}{domain}")
        return local + found.removeprefix(_ANYBODY.rstrip("@")) if found else None
    return _checked(word)


# Many lists have one domain for all.
@remembered(500)
def _checked(word: str) -> str | None:
    try:
        return validate_email(word, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def find_website(text: str) -> str | None:
    """Return the first web address among other words, or None: one that says so, or a domain alone.

    "a@b.fr / www.b.fr" -> "https://www.b.fr".
    """
    for word in WEB.findall(text) or (text.split() if _DOMAIN.fullmatch(text.strip()) else ()):
        if url := read_url(word.rstrip(".'’"))[0]:
            return url
    return None


def read_url(text: str) -> tuple[str | None, str | None]:
    """Return an http or https address, its host in lower case, or None; and what is wrong."""
    wrong = "Cette adresse de site n'est pas valable. Elle doit commencer par https:// ou http://."
    words = text.split()
    if not words or len(words[0]) > MAX_URL:
        return None, wrong
    url = words[0].strip("<>;,")
    if not re.match(r"^[a-z][a-z0-9+.-]*:", url, re.IGNORECASE) or re.match(
        r"^[\w.-]+:\d+(/|$)", url
    ):
        url = "https://" + url.lstrip("/")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return None, wrong
    named = re.fullmatch(r"(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_][\w-]{1,61}", host)
    if parts.scheme.lower() not in ("http", "https") or not named or parts.username is not None:
        return None, wrong
    netloc = parts.netloc.lower()
    return urlunsplit((parts.scheme.lower(), netloc, parts.path, parts.query, parts.fragment)), None
