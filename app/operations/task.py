"""What waits for a person, as « Aujourd’hui » says it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits. how: the page or the command that does it, as its reader opens it."""

    count: int
    one: str
    many: str
    why: str
    command: str = ""
    page: str = ""
