"""Single values of an address, read strictly: what is not known is an error in French."""

import re
from collections.abc import Collection

from app.errors import FilterUnknown, RequestInvalid

# As addresses write them, without zeros in front: one page has one address.
NUMBER = re.compile(r"0|[1-9][0-9]{0,3}")


def one_of(name: str, value: str, valid: Collection[str]) -> str:
    """Return a value that a parameter may have, or ""; raises FilterUnknown."""
    if value and value not in valid:
        raise FilterUnknown(name=name, value=value[:80], valid=", ".join(valid))
    return value


def number(name: str, value: str, least: int, most: int) -> int:
    """Return a whole number between two others; raises RequestInvalid."""
    if not (NUMBER.fullmatch(value) and least <= int(value) <= most):
        raise RequestInvalid(problem=f"« {name} » est un nombre entre {least} et {most}")
    return int(value)
