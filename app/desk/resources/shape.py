"""What the page of a form shows, and what a form sends."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import Response

from app.accounts.sessions import SignedIn
from app.cataloguing.drafts import Sent
from app.desk.resources.controls import Control, Part, controls_of, parts_of
from app.desk.resources.entered import Problems, lines_of
from app.desk.resources.words import HERE
from app.desk.shell.gate import Desk
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role
from app.platform.database.sessions import read
from app.resources.content import Content
from app.resources.forms import Form
from app.resources.looks import shown
from app.resources.markdown import render as render_markdown
from app.resources.vocabulary import label

# Of a body with every text as long as it may be, percent-encoded.
LARGEST = 1_000_000
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form sends. what: the button; based_on: the version that it showed.

    new_id: by which one of a new resource is known.
    """

    sent: Sent
    based_on: int
    note: str
    what: str
    new_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a form shows. public_id: "" of a new resource; preview: what it would be.

    begun_at: when its reader began another one that they never saved. differs: of what somebody
    saved meanwhile, label -> what it is now. done: what led here, in words.
    """

    form: Form
    sent: Sent
    public_id: str = ""
    based_on: int = 0
    note: str = ""
    problems: Problems = field(default_factory=dict)
    begun_at: datetime | None = None
    done: str = ""
    resumed: bool = False
    preview: Content | None = None
    differs: Mapping[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return what it asks for."""
        return parts_of(self.form)

    @property
    def labels(self) -> dict[str, str]:
        """Return what each control is called."""
        return {each.name: each.label for each in controls_of(self.form)}

    @property
    def address(self) -> str:
        """Return where it is sent."""
        return f"{HERE}/{self.public_id or 'nouvelle'}"

    def text(self, name: str) -> str:
        """Return the one text of a control."""
        return "\n".join(self.sent.get(name, ()))

    def lines(self, control: Control) -> list[dict[str, str]]:
        """Return the lines of a control that has several."""
        return lines_of(self.sent, control)

    def choices(self, control: Control) -> Mapping[str, str]:
        """Return the labels that one may choose from, by code."""
        if control.name == "territories":
            return {}
        return control.choices() if control.choices else {}


async def _wish(request: Request) -> Wish:
    """Return what a form sends; a field that it lacks is empty."""
    sent = await request.form()
    given = {
        name: tuple(each for each in sent.getlist(name) if isinstance(each, str)) for name in sent
    }
    number = "".join(given.pop("based_on", ())[:1])
    note, what = ("".join(given.pop(name, ())[:1]) for name in ("note", "what"))
    based_on = int(number) if number.isdecimal() and len(number) < 9 else 0
    new_id = None
    with suppress(ValueError):
        new_id = UUID("".join(given.pop("nouveau", ())[:1]))
    return Wish(given, based_on, note.strip()[:LONGEST_NOTE], what, new_id)


WishOf = Annotated[Wish, Depends(_wish)]


def page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    shape: Shape,
    error: Mesure23Error | None = None,
) -> Response:
    """Return the page of a form."""
    with read(desk.engine) as session:
        names = read_names(session)
        preview = shown(session, shape.preview) if shape.preview else None
    return render(
        request,
        "desk/resources/form.html",
        signed,
        http_status=error.status if error else 422 if shape.problems else 200,
        shape=shape,
        names=names,
        form_label=label("forms", shape.form),
        preview=preview,
        render=render_markdown,
        error=error,
        publishes=signed.role is Role.CURATEUR,
        sheet=shape.form is Form.SHEET,
        new_id=uuid4(),
    )
