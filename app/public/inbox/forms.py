"""What the forms of visitors share: their pages, and in which order what is sent is looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.inbox.putting import InboxFull, Lock, NotPut, put, read_lock
from app.inbox.screening import tells_of_a_child
from app.platform.database.sessions import read, write
from app.platform.web.clients import shown
from app.platform.web.site import Site
from app.public.inbox.stamp import AGAIN, OWN_REFERRER, pace, stamp


class Entered(Protocol):
    """What was entered. said: what of it may tell of a child; stamp: when the form was shown."""

    @property
    def said(self) -> str: ...
    @property
    def stamp(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Form:
    """One of them. about: whom what tells of a child is answered by; path: where it stands;
    stamped: what its stamp is of; template: its page; shows: what that says besides; is_open:
    whether anything may be sent.
    """

    about: str
    path: str
    stamped: str
    template: str
    shows: Callable[[Session], Mapping[str, Any]]
    is_open: Callable[[Session, Site], bool] = lambda _session, _site: True

    def page(
        self,
        site: Site,
        request: Request,
        sent: Entered,
        problems: Mapping[str, str] | None = None,
        *,
        again: str = "",
        refused: NotPut | None = None,
        http_status: int = 200,
    ) -> Response:
        """Show the form, or the address to write to where nothing can be sent."""
        with read(site.databases.public) as session:
            lock, more = self._lock(session, site), self.shows(session)
        page = site.page(
            self.template,
            http_status=http_status,
            base=site.base(request),
            form_path=self.path,
            is_open=lock is not None,
            sent=sent,
            problems=problems or {},
            again=again,
            refused=refused,
            is_full=isinstance(refused, InboxFull),
            stamp=self._stamp(lock, sent, site) if lock else "",
            **more,
        )
        page.headers.update(OWN_REFERRER)
        return page

    def take(
        self,
        site: Site,
        request: Request,
        sent: Entered,
        problems: Mapping[str, str],
        message: Callable[[], BaseModel | None],
    ) -> Response:
        """Seal what was sent for the desk; what tells of a child is answered, and stored nowhere.

        message: makes what is sealed, once there is no problem; None of what nobody would read.
        """
        if tells_of_a_child(sent.said):
            return self.answer(site, request, "public/inbox/child.html")
        with read(site.databases.public) as session:
            lock = self._lock(session, site)
        inbox = site.databases.inbox
        if problems or inbox is None or lock is None:
            return self.page(site, request, sent, problems, http_status=422)
        rhythm = pace(lock.stamp, self.stamped, sent.stamp, site.now())
        if rhythm != "usual":
            return self.page(site, request, sent, again=AGAIN[rhythm], http_status=422)
        made = message()
        if made is not None:
            try:
                with write(inbox) as session:
                    put(session, lock, shown(request.scope), made)
            except NotPut as refused:
                return self.page(site, request, sent, refused=refused, http_status=refused.status)
        return RedirectResponse(f"{self.path}/merci", 303)

    def answer(self, site: Site, request: Request, template: str) -> Response:
        """Show a page that follows the form, and leads back to it."""
        return site.page(template, base=site.base(request), form_path=self.path, of=self.about)

    def _lock(self, session: Session, site: Site) -> Lock | None:
        """Return what seals a message; None where none can be sent."""
        if site.databases.inbox is None or not self.is_open(session, site):
            return None
        return read_lock(session)

    def _stamp(self, lock: Lock, sent: Entered, site: Site) -> str:
        """Return that of the form as it was first shown, unless it is over: nobody waits twice."""
        now = site.now()
        over = pace(lock.stamp, self.stamped, sent.stamp, now) == "late"
        return stamp(lock.stamp, self.stamped, now) if over else sent.stamp
