"""« Tout est juste » is said to be done only where it is written, whatever happens meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import select

from app.accounts.people import BY_ACTOR
from app.freshness import answering
from app.models import Actor, ActorCall, Revision
from app.platform.database.sessions import read, write
from app.records.acts import protect
from app.records.many import VERIFY, Deed, Refusal
from tests.desk.asked import due_in_a_month, link_to, night, outcomes, runtime
from tests.desk.bureau import Browser, Bureau
from tests.meanwhile import is_blocked, until
from tests.short_lists import csv, ids, run


def due(bureau: Bureau, number: int) -> tuple[str, str]:
    """The public id of an actor of a test alone that is due in a month, and its mailbox."""
    name, mail = f"Relais {number}", f"relais{number}@example.org"
    line = f"{name};Association;{number} rue du Lac;93200;Saint-Denis;01 99 00 04 {number};{mail}"
    run(runtime(bureau), csv(line), source=name)
    due_in_a_month(bureau, name)
    return ids(runtime(bureau))[name], mail


def while_hidden(
    bureau: Bureau, public_id: str, ask: Callable[[], httpx.Response]
) -> httpx.Response:
    """Ask for something of an actor that somebody hides at that moment: its address changes."""
    with ThreadPoolExecutor(1) as pool:
        with write(bureau.databases.staff) as session:
            protect(session, bureau.vault, public_id, who="essai", why="essai")
            answer = pool.submit(ask)
            until(lambda: is_blocked(bureau.databases.staff))
        return answer.result()


@pytest.mark.slow
def test_an_answer_is_written_of_an_actor_that_is_hidden_at_that_moment(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    public_id, mail = due(bureau, 11)
    with read(bureau.databases.staff) as session:
        number = session.scalars(select(Actor.id).where(Actor.public_id == public_id)).one()
    link, visitor = link_to(night(bureau), mail), bureau.browser()
    said = while_hidden(bureau, public_id, lambda: visitor.post(link, {"reponse": "juste"}))
    assert "Merci, c’est confirmé" in said.text
    with read(bureau.databases.staff) as session:
        by = (Revision.actor_id == number, Revision.who == BY_ACTOR)
        assert session.scalars(select(Revision.action).where(*by)).all() == ["verify"]


def test_an_answer_that_nobody_wrote_leaves_its_link(
    bureau: Bureau, month_before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, mail = due(bureau, 12)
    link, visitor = link_to(night(bureau), mail), bureau.browser()
    before = outcomes(bureau)
    refused = Deed("verify", VERIFY.action, lambda *_: Refusal.ARCHIVED, VERIFY.change)
    monkeypatch.setattr(answering, "CONFIRMED", refused)
    assert visitor.post(link, {"reponse": "juste"}).status_code == 410
    assert outcomes(bureau) == before
    monkeypatch.undo()
    assert "Merci" in visitor.post(link, {"reponse": "juste"}).text


@pytest.mark.slow
def test_a_call_to_who_is_archived_verifies_nobody_and_is_not_noted(
    bureau: Bureau, month_before: dict[str, str], curateur: Browser
) -> None:
    public_id, _ = due(bureau, 25)
    curateur.post(f"/gestion/acteurs/{public_id}/geste", {"geste": "archiver"})
    said = curateur.post(f"/gestion/appels/{public_id}", {"reponse": "juste"})
    assert said.status_code == 409
    assert "Rien n’est noté" in said.text
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(ActorCall.id)).all() == []


def test_a_call_to_who_is_hidden_at_that_moment_is_not_said_to_be_noted(
    bureau: Bureau, month_before: dict[str, str], curateur: Browser
) -> None:
    public_id, _ = due(bureau, 13)
    path, given = f"/gestion/appels/{public_id}", {"reponse": "juste"}
    said = while_hidden(bureau, public_id, lambda: curateur.post(path, given))
    assert said.status_code in (403, 404)
