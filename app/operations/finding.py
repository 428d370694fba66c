"""Something that `mesure23 doctor` says is to be put right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that shows. what: its name; todo: a French sentence that says what to do."""

    what: str
    todo: str
