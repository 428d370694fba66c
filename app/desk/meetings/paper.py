"""The paper of a meeting: one sheet that is handed around, so it says what anybody may read."""

from collections.abc import Iterator
from datetime import date

from fastapi import Request

from app.meetings.state import State
from app.platform.web.pdf import write_fitting
from app.platform.web.site import Site

# Of each that steers, of new ones and of those to confirm, how many stand on the sheet; lines for
# notes. The first that fits is taken.
DENSITIES = ((2, 6, 12, 5), (2, 4, 8, 3), (1, 5, 9, 3), (1, 4, 6, 2), (1, 2, 4, 0))


def paper_of(
    site: Site, request: Request, name: str, code: str, day: date, state: State, *, confirmed: bool
) -> bytes:
    """Return the paper of the meeting of a day as PDF; state: as visitors may read it."""
    template = site.templates.get_template("desk/prints/meeting.html")

    def pages() -> Iterator[str]:
        for steering, new, due, notes in DENSITIES:
            yield template.render(
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

    return write_fitting(pages())
