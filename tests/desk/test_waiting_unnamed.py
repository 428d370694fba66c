"""Whoever has a link and no account waits for staff that writes, and reads no name of theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest

from app.accounts.people import writer_of
from app.audit.journal import AUDIT_LOCK
from app.models import Role
from app.platform.database.patience import Patience, waiting_at_most
from app.platform.database.sessions import IMPORT_LOCK, hold, write
from tests.desk.asked import link_to, night
from tests.desk.bureau import ORIGIN, Browser, Bureau
from tests.desk.home import Home, sent

NAME = "Camille"


@pytest.fixture(autouse=True)
def hurried(bureau: Bureau) -> Iterator[None]:
    """Nobody waits long."""
    patience, patient = Patience(0.1, partial(writer_of, bureau.vault)), bureau.app.state.desk
    engine = waiting_at_most(bureau.databases.staff, patience)
    bureau.app.state.desk = replace(patient, engine=engine)
    yield
    bureau.app.state.desk = patient


@contextmanager
def writing(bureau: Bureau, lock: int) -> Iterator[None]:
    """Somebody of the staff writes until the block ends, and says who they are."""
    person = bureau.enrolled()
    with write(bureau.databases.staff) as session:
        hold(session, lock, who=str(person.id))
        yield


def test_an_actor_answers_once_more_and_its_link_still_serves(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    link, visitor = link_to(night(bureau), "crip@example.org"), bureau.browser()
    with writing(bureau, IMPORT_LOCK):
        said = visitor.post(link, {"reponse": "juste"})
    assert said.status_code == 409
    assert "Votre réponse n’est pas encore notée" in said.text
    assert NAME not in said.text
    assert "Merci, c’est confirmé" in visitor.post(link, {"reponse": "juste"}).text


def test_what_an_actor_corrects_is_kept_on_the_page_until_it_can_be_sent(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    link, visitor = link_to(night(bureau), "crip@example.org"), bureau.browser()
    given = {"reponse": "corriger", "autre": "Sur rendez-vous", "ferme": "true"}
    with writing(bureau, IMPORT_LOCK):
        said = visitor.post(link, given)
    assert said.status_code == 409
    assert "choisissez de nouveau « Envoyer ce qui a changé »" in said.text
    assert "Sur rendez-vous</textarea>" in said.text
    assert 'value="true" checked' in said.text
    assert NAME not in said.text
    assert "Merci, c’est envoyé" in visitor.post(link, given).text


@pytest.mark.slow
def test_a_code_that_could_not_even_be_noted_is_sent_once_more(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur)
    with writing(bureau, AUDIT_LOCK):
        status, page = sent(bureau, code)
    assert status == 409
    assert "rien n’est encore masqué" in page
    assert code in page
    assert NAME not in page
    assert home.is_public()
    assert sent(bureau, code)[0] == 200
    assert not home.is_public()


@pytest.mark.slow
def test_any_other_page_of_a_link_says_no_more_than_that_somebody_writes(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    link, visitor = home.link(curateur), bureau.browser()
    for accept in ("text/html", "application/json"):
        with writing(bureau, AUDIT_LOCK):
            said = visitor.ask("POST", link, {"Origin": ORIGIN, "Accept": accept})
        assert said.status_code == 409
        assert "Quelqu’un écrit des fiches" in said.text
        assert NAME not in said.text
    # Nor a professional, of whom the same page is.
    person = bureau.signed_in(Role.PROFESSIONNEL)
    with writing(bureau, AUDIT_LOCK):
        said = person.post("/gestion/compte/donnees")
    assert said.status_code == 409
    assert "Quelqu’un écrit des fiches" in said.text
    assert NAME not in said.text
    # Who works with them is told whom they wait for.
    with writing(bureau, IMPORT_LOCK):
        path = f"{home.page}/geste"
        assert NAME in curateur.post(path, {"geste": "verifier"}).text
