"""Mail and web addresses, checked without asking the network."""

import re
from urllib.parse import urlsplit, urlunsplit

from email_validator import EmailNotValidError, validate_email

MAX_URL = 500


def read_email(text: str) -> tuple[str | None, str | None]:
    """Return the first valid address of the cell, or None; and what is wrong or was left out."""
    text = re.sub(r"^mailto:\s*", "", text.strip(), flags=re.IGNORECASE)
    found: list[str] = []
    for piece in re.split(r"[\s;,/<>|]+", text):
        if "@" not in piece:
            continue
        try:
            valid = validate_email(piece.strip("."), check_deliverability=False)
        except EmailNotValidError:
            continue
        found.append(valid.normalized)
    if len({address.lower() for address in found}) > 1:
        return found[0], (
            "Cette cellule a plusieurs adresses électroniques : seule la première est reprise. "
            "Mettez en premier celle à publier."
        )
    if found:
        return found[0], None
    return None, "Cette adresse électronique n'est pas valable. Corrigez-la ou videz la cellule."


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
