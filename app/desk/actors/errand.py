"""What a form was opened for: a report, or a call, which end as it is saved."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.desk.actors.showing import ACTORS
from app.desk.shell import gate
from app.desk.shell.gate import Desk
from app.platform.uuids import uuid_in
from app.reports.waiting import Said, said_of
from app.visibility import Viewer

REPORTS, CALLS = f"{gate.HOME}/signalements", f"{gate.HOME}/appels"
ALL, LONGEST_ID = "tous", 36


@dataclass(frozen=True, slots=True)
class Errand:
    """What a form was opened for. report: an error that waits. call: the territory of the calls
    that are made, or ALL; "" of none. onward: the id of what comes next.
    """

    report: UUID | None = None
    call: str = ""
    onward: str = ""

    @property
    def query(self) -> str:
        """Return the part of an address that says it, with its sign; nothing of none."""
        parts = {"signalement": str(self.report or ""), "appel": self.call, "suivant": self.onward}
        given = {name: value for name, value in parts.items() if value}
        return f"?{urlencode(given)}" if self.report or self.call else ""

    @property
    def added(self) -> str:
        """Return what begins an address with something else behind it."""
        return f"{self.query}&" if self.query else "?"

    def form_of(self, public_id: str) -> str:
        """Return the address of the form of an actor that was opened for it, "" of none."""
        return f"{ACTORS}/{public_id}/modifier{self.query}" if self.query else ""

    @property
    def back(self) -> str:
        """Return the page of the desk that its reader came from, "" of none."""
        if self.report:
            return f"{REPORTS}#s-{self.report}"
        return f"{CALLS}{self.narrowed('?')}" if self.call else ""

    def narrowed(self, sign: str = "&") -> str:
        """Return the part of an address that narrows calls to the territory that was read."""
        return f"{sign}territoire={self.call}" if self.call not in ("", ALL) else ""


NONE = Errand()


def errand_of(request: Request) -> Errand:
    """Return what a form was opened for, as its address says."""
    given = request.query_params
    call, onward = given.get("appel", ""), given.get("suivant", "")
    plain = onward.replace("-", "")
    return Errand(
        uuid_in(given.get("signalement", "")),
        call if len(call) <= len(ALL) and call.isascii() and call.isalnum() else "",
        onward if len(onward) <= LONGEST_ID and plain.isascii() and plain.isalnum() else "",
    )


ErrandOf = Annotated[Errand, Depends(errand_of)]


def said_in(
    session: Session, desk: Desk, viewer: Viewer, errand: Errand, actor_id: UUID
) -> Said | None:
    """Return what the report of an errand says of an actor; None where none waits of that one."""
    if errand.report is None:
        return None
    return said_of(session, desk.vault, viewer, errand.report, actor_id)
