"""Who decides while actors are joined waits before taking a row, and both come through."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorCall, ActorQuestion, Report
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records.sheets import last_revision
from app.reports.receiving import report_of
from tests.desk.asked import NAME, link_to, night
from tests.desk.bureau import Browser, Bureau
from tests.meanwhile import is_blocked, until


def while_joined(
    bureau: Bureau, row: type[object], ask: Callable[[], httpx.Response]
) -> httpx.Response:
    """Ask for something while somebody joins two actors, who then takes all rows of a table."""
    with ThreadPoolExecutor(1) as pool:
        with write(bureau.databases.staff) as session:
            hold(session, IMPORT_LOCK)
            answer = pool.submit(ask)
            until(lambda: is_blocked(bureau.databases.staff))
            # Raises where who waits for the lock has one of them.
            assert session.scalars(select(row).with_for_update(nowait=True)).all()
        return answer.result()


def of(session: Session) -> Actor:
    return session.scalars(select(Actor).where(Actor.name == NAME)).one()


@pytest.mark.slow
def test_a_report_is_taken_and_taken_back(
    bureau: Bureau, month_before: dict[str, str], curateur: Browser
) -> None:
    with write(bureau.databases.staff) as session:
        actor = of(session)
        given = (session, bureau.vault, actor)
        report = report_of(*given, "phone", "01 99 00 00 58", bureau.clock.at)
        seen = last_revision(session, actor.id)
    here = "/gestion/signalements"
    taken = {"reponse": "prendre", "vu": str(seen)}
    said = while_joined(bureau, Report, lambda: curateur.post(f"{here}/{report}", taken))
    assert "fait=prendre" in said.headers["location"]
    back = {"signalement": str(report)}
    said = while_joined(bureau, Report, lambda: curateur.post(f"{here}/annuler", back))
    assert "fait=annule" in said.headers["location"]
    with read(bureau.databases.staff) as session:
        assert of(session).phones == ["+33199000001"]


def test_a_report_is_closed(
    bureau: Bureau, month_before: dict[str, str], curateur: Browser
) -> None:
    with write(bureau.databases.staff) as session:
        report = report_of(session, bureau.vault, of(session), "other", "x", bureau.clock.at)
    closed = {"reponse": "refuser"}
    path = f"/gestion/signalements/{report}"
    said = while_joined(bureau, Report, lambda: curateur.post(path, closed))
    assert "fait=refuser" in said.headers["location"]


def test_an_actor_confirms_its_sheet(bureau: Bureau, month_before: dict[str, str]) -> None:
    link, visitor = link_to(night(bureau), "crip@example.org"), bureau.browser()
    right = {"reponse": "juste"}
    said = while_joined(bureau, ActorQuestion, lambda: visitor.post(link, right))
    assert "Merci, c’est confirmé" in said.text


def test_an_actor_corrects_its_sheet(bureau: Bureau, month_before: dict[str, str]) -> None:
    link, visitor = link_to(night(bureau), "crip@example.org"), bureau.browser()
    given = {"reponse": "corriger", "autre": "Sur rendez-vous"}
    said = while_joined(bureau, ActorQuestion, lambda: visitor.post(link, given))
    assert "Merci, c’est envoyé" in said.text


def test_a_call_is_taken_back(
    bureau: Bureau, month_before: dict[str, str], curateur: Browser
) -> None:
    noted = curateur.post(f"/gestion/appels/{month_before[NAME]}", {"reponse": "silence"})
    call = re.findall(r"appel=([0-9a-f-]{36})", noted.headers["location"])[0]
    back = {"appel": call}
    path = "/gestion/appels/annuler"
    said = while_joined(bureau, ActorCall, lambda: curateur.post(path, back))
    assert "fait=annule" in said.headers["location"]
