"""From HTML to a tagged PDF that nothing outside was asked for, the same for the same HTML."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any, NamedTuple

from fastapi import Request, Response

from app.errors import RETRY, Mesure23Error
from app.platform.waiting import at_most
from app.platform.web.response_cache import Body

MEDIA_TYPE = "application/pdf"
VARIANT = "pdf/ua-1"
# How many a process makes at once: they are made in Python, so a third would slow all the rest.
PRINTING = BoundedSemaphore(2)
# Fonts as they were read for a page before, of those that no page uses now: to read them again
# takes a tenth of a sheet. No two pages may use the same at once.
_FONTS: list[Any] = []


class PrintsBusy(Mesure23Error):
    """Trop de fiches à imprimer sont préparées en ce moment : celle-ci n’a pas pu l’être."""

    status = 503
    title = "Impression à recommencer"
    advice = RETRY


class Refused(Exception):
    """A sheet asked for something that is not in it."""


@contextmanager
def place(most: float) -> Iterator[None]:
    """Hold one of the places of who makes a PDF; raises PrintsBusy where none comes free.

    most: seconds to wait for it, of those that the request has left.
    """
    with at_most(most) as seconds:
        if not PRINTING.acquire(timeout=seconds):
            raise PrintsBusy
    try:
        yield
    finally:
        PRINTING.release()


class LaidOut(NamedTuple):
    """A page as it was laid out. fits: whether its #end stands above its #limit."""

    fits: bool
    write: Callable[[], bytes]


def write_pdf(html: str) -> bytes:
    """Return a page as PDF/UA-1; raises Refused where it asks for anything, even for its own.

    Styles, shapes and maps are written into it: there is nothing to fetch. It is well-formed XML.
    """
    return write_fitting([html])


def write_fitting(pages: Iterable[str]) -> bytes:
    """Return, as write_pdf, the first page whose #end stands above #limit, else the last one."""
    with laying_out() as lay:
        for html in pages:
            laid = lay(html)
            if laid.fits:
                break
        return laid.write()


@contextmanager
def laying_out() -> Iterator[Callable[[str], LaidOut]]:
    """Yield what lays a page out, in a third of the time that writing it takes; raises Refused."""
    # Imported here: it takes half a second, and nothing else needs it.
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    from app.platform.web.well_formed import WellFormed

    try:
        fonts = _FONTS.pop()
    except IndexError:
        fonts = FontConfiguration()

    def lay(html: str) -> LaidOut:
        page = WellFormed(html)
        laid_out = page.render(pdf_variant=VARIANT, font_config=fonts, stylesheets=page.styles)
        at = laid_out.pages[0].anchors
        # Each anchor is (x, y) of its upper left corner, in pixels from the top left.
        fits = "limit" in at and "end" in at and at["end"][1] <= at["limit"][1]
        return LaidOut(fits, lambda: laid_out.write_pdf(pdf_variant=VARIANT))

    try:
        yield lay
    except FatalURLFetchingError as error:
        # It is a BaseException, which no handler of errors would catch.
        raise Refused(str(error)[:200]) from None
    _FONTS.append(fonts)


def size(body: Body) -> int:
    """Return how many bytes a cached PDF takes."""
    return len(body.content)


def inline(request: Request, body: Body, name: str) -> Response:
    """Show a PDF under a name that says nothing of what was looked for."""
    answer = body.answer(request)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    # A sheet is out of date sooner than a page, which search engines are to lead to.
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
