"""Ids as they come from outside: in an address, or in a field of a form."""

from uuid import UUID


def uuid_in(text: str) -> UUID | None:
    """Return the id that a text is; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
