"""The paper of a meeting: one sheet that is handed around, so it says what anybody may read."""

from collections.abc import Callable
from datetime import date
from functools import partial

from fastapi import Request

from app.meetings.state import State
from app.platform.web.pdf import LaidOut, laying_out
from app.platform.web.site import Site

# Of each that steers, of new ones and of those to confirm, how many stand on the sheet; lines for
# notes. The first that fits is taken, and then as many more to confirm as have room.
DENSITIES = (
    *((3, 6, 8, 5), (3, 4, 6, 3), (3, 4, 3, 2), (2, 4, 3, 2)),
    *((1, 5, 8, 3), (1, 4, 6, 2), (1, 2, 4, 0), (1, 1, 2, 0)),
)
# No sheet holds more to confirm.
MOST = 40


def paper_of(
    site: Site, request: Request, name: str, code: str, day: date, state: State, *, confirmed: bool
) -> bytes:
    """Return the paper of the meeting of a day as PDF; state: as visitors may read it."""
    template = site.templates.get_template("desk/prints/meeting.html")

    def page(due: int, steering: int, new: int, notes: int) -> str:
        return template.render(
            name=name,
            code=code,
            meeting=day,
            confirmed=confirmed,
            state=state,
            steering=steering,
            new=new,
            due=due,
            notes=notes,
            base=site.base(request),
        )

    with laying_out() as lay:
        for steering, new, due, notes in DENSITIES:
            laid = lay(page(due, steering, new, notes))
            if laid.fits:
                break
        most = min(len(state.to_confirm), MOST) if laid.fits else 0
        longer = partial(page, steering=steering, new=new, notes=notes)
        return _filled(lambda more: lay(longer(more)), laid, due, most).write()


def _filled(lay: Callable[[int], LaidOut], laid: LaidOut, fits: int, most: int) -> LaidOut:
    """Return the sheet with as many to confirm as have room. fits: how many do as it is laid."""
    while fits < most:
        tried = lay(middle := (fits + most + 1) // 2)
        if tried.fits:
            laid, fits = tried, middle
        else:
            most = middle - 1
    return laid
