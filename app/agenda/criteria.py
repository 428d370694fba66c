"""What somebody looks for in the agenda; its address gives the page, the calendar and the feed."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from app.agenda.event import FORMS, PATH
from app.errors import RequestInvalid
from app.resources.choices import THEMES
from app.search.values import one_of

TERRITORY = re.compile(r"[0-9][0-9AB][0-9A-Z]{0,2}")
MAPPED = "carte"
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One selection of events; "" for what is not asked. month: its first day. mapped: as a map."""

    territory: str = ""
    form: str = ""
    theme: str = ""
    month: date | None = None
    mapped: bool = False

    @property
    def narrowed(self) -> bool:
        """Return whether anything but a month selects."""
        return bool(self.territory or self.form or self.theme)

    def but(self, **changes: Any) -> "Query":
        """Return the same with something changed."""
        return replace(self, **changes)

    def url(self, path: str = PATH) -> str:
        """Return its address: its own page, or another format of the same selection."""
        pairs = [
            ("territoire", self.territory),
            ("type", self.form),
            ("theme", self.theme),
            ("mois", f"{self.month:%Y-%m}" if self.month else ""),
            ("vue", MAPPED if self.mapped else ""),
        ]
        asked = urlencode([pair for pair in pairs if pair[1]])
        return f"{path}?{asked}" if asked else path


def read_query(territory: str = "", form: str = "", theme: str = "", month: str = "") -> Query:
    """Return what an address asks for; raises FilterUnknown or RequestInvalid."""
    if territory and not TERRITORY.fullmatch(territory):
        raise RequestInvalid(problem="« territoire » s’écrit comme 93, 2A, 974")
    if month and not MONTH.fullmatch(month):
        raise RequestInvalid(problem="« mois » s’écrit comme 2027-03")
    return Query(
        territory=territory,
        form=one_of("type", form, tuple(FORMS)) if form else "",
        theme=one_of("theme", theme, tuple(THEMES())) if theme else "",
        month=date.fromisoformat(f"{month}-01") if month else None,
    )
