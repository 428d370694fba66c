"""Entries of the directory: objects of JSON, whose nested lists its API gives as texts."""

import json
from typing import Any

from importers.registers.edition import UNREADABLE


class LeftOut(Exception):
    """The service is no line; its argument is the French reason."""


def address_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the address at which people are received, {} where a service has none."""
    order = ("Adresse", "Adresse physique")
    found: list[dict[str, Any]]
    found = [each for each in items(entry, "adresse") if text_of(each, "nom_commune")]
    for preferred in order:
        if same := [each for each in found if text_of(each, "type_adresse") == preferred]:
            return same[0]
    return found[0] if found else {}


def text_of(entry: Any, key: str) -> str:
    """Return a text without the blanks around it, "" where there is none; raise LeftOut."""
    if not isinstance(entry, dict):
        raise LeftOut(UNREADABLE)
    value = entry.get(key) or ""
    if not isinstance(value, str):
        raise LeftOut(UNREADABLE)
    return value.strip()


def items(entry: dict[str, Any], key: str) -> list[Any]:
    """Return a list, which the API gives as a text of JSON or its one text alone; raise LeftOut."""
    value = entry.get(key) or []
    if isinstance(value, str) and not value.lstrip().startswith("["):
        return [value]
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise LeftOut(UNREADABLE) from None
    if not isinstance(value, list):
        raise LeftOut(UNREADABLE)
    return value
