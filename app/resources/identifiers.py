"""DOI, ISBN, NOR and HAL as publications write them, each checked by its own rule."""

import re
from collections.abc import Callable, Mapping

from stdnum import isbn
from stdnum.exceptions import ValidationError

_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*", re.IGNORECASE)
# What ends a sentence ends no DOI; signs that would leave an attribute or a tag stand in none.
_DOI = re.compile(r"10\.[0-9]{4,9}/[!#-;=?-~]*[!#-+\--:=?-~]")
_NOR = re.compile(r"[A-Z]{4}[0-9]{7}[A-Z]")
_PORTAL = re.compile(r"https?://[a-z0-9.-]+/", re.IGNORECASE)
_HAL = re.compile(r"[a-z][a-z0-9]{2,11}-[0-9]{8}(?:v[0-9]{1,3})?")


class IdentifierWrong(ValueError):
    """What stands there is no such identifier; its text says in French what to look at."""


def read_doi(text: str) -> str:
    """Return "10.1234/abc", in small letters and without its resolver."""
    found = text.strip()
    if resolver := _RESOLVER.match(found):
        found = found[resolver.end() :]
    found = found.rstrip(".,;").lower()
    if not _DOI.fullmatch(found):
        raise IdentifierWrong(
            "Un DOI commence par « 10. », puis un numéro, une barre et sa suite : "
            "10.3917/empa.121.0042. Vérifiez-le sur le document."
        )
    return found


def read_isbn(text: str) -> str:
    """Return thirteen digits, of an ISBN of ten or thirteen."""
    try:
        return str(isbn.to_isbn13(isbn.validate(text)))
    except ValidationError:
        raise IdentifierWrong(
            "Un ISBN a 13 chiffres, ou 10 pour un livre ancien, et le dernier contrôle les autres. "
            "Vérifiez-les sur le document."
        ) from None


def read_nor(text: str) -> str:
    """Return "SSAA2123456L"."""
    found = re.sub(r"\s", "", text).upper()
    if not _NOR.fullmatch(found):
        raise IdentifierWrong(
            "Un numéro NOR a 4 lettres, 7 chiffres et une lettre : JUSX2100001L. Vérifiez-le sur "
            "Légifrance."
        )
    return found


def read_hal(text: str) -> str:
    """Return "hal-01234567v2", without the address of its portal."""
    found = text.strip()
    if portal := _PORTAL.match(found):
        found = found[portal.end() :]
    found = found.lower()
    if not _HAL.fullmatch(found):
        raise IdentifierWrong(
            "Un identifiant HAL a un préfixe, un tiret et 8 chiffres : hal-01234567. Vérifiez-le "
            "sur la page de HAL."
        )
    return found


# By the name of their field.
READERS: Mapping[str, Callable[[str], str]] = {
    "doi": read_doi,
    "isbn": read_isbn,
    "nor": read_nor,
    "hal": read_hal,
}
