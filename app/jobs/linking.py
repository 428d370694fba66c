"""Looks each night at addresses of published resources, each weekly."""

from datetime import datetime

from app.cataloguing import links
from app.cataloguing.links import Heard, Link
from app.errors import Mesure23Error
from app.jobs.link_asking import Asker
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime


class NetworkSilent(Mesure23Error):
    """Aucune adresse n’a répondu : le réseau manque sans doute, et rien n’est noté."""


def look(runtime: Runtime, now: datetime, asker: Asker | None = None) -> None:
    """Look at the addresses that it is time for; raise NetworkSilent where nothing answers.

    Each is noted by itself: what is interrupted goes on where it was.
    """
    asker = asker or Asker()
    with write(runtime.staff) as session:
        links.settle(session, runtime.vault, now)
    with read(runtime.staff) as session:
        waiting = links.due(session, runtime.vault, now)
    with asker.client:
        _look(runtime, asker, waiting, now)
    with write(runtime.staff) as session:
        links.settle(session, runtime.vault, now)


def _look(runtime: Runtime, asker: Asker, waiting: list[Link], now: datetime) -> None:
    unheard: list[tuple[Link, Heard]] = []
    has_answered = False
    for link in waiting:
        heard = asker.ask(link.url)
        unheard.append((link, heard))
        has_answered |= heard.status is not None
        # Until somebody answers, it may be our own network that is gone.
        if has_answered:
            _note(runtime, unheard, now)
            unheard.clear()
    if unheard:
        raise NetworkSilent


def _note(runtime: Runtime, found: list[tuple[Link, Heard]], now: datetime) -> None:
    with write(runtime.staff) as session:
        for link, heard in found:
            links.note(session, link, heard, now)
