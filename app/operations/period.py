"""How long something is kept, and why: a line of the table of app/operations/retention.py."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """What is kept, how long and why, in French. months: after which a purge takes it.

    versions: the last ones of a list, which stay whatever their age. until: how long, in words,
    where no month says it.
    """

    what: str
    why: str
    months: int | None = None
    versions: int = 0
    until: str = ""

    @property
    def how_long(self) -> str:
        """Return how long, in words."""
        if self.months is None:
            return self.until
        months = f"{self.months} mois"
        if self.versions:
            return f"les {self.versions} dernières versions de la liste, et celles de {months}"
        return f"{months}{self.until}"
