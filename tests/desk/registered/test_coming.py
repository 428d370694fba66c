"""Who comes to an event: asked by mail, confirmed, told where, reminded, and gone by one press."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.announcing import letters
from app.jobs.receiving import receive_all
from app.models import Actor
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from tests.desk.access_asked import mails
from tests.desk.bureau import Bureau
from tests.desk.registered.coming import PLACE, ask, at, comes, event, link_of, rows
from tests.makers_agenda import (
    BEGINS,
    LINK,
    announced,
    changed,
)
from tests.short_lists import SHELTER, csv, run


@pytest.mark.slow
def test_somebody_confirms_is_told_where_and_leaves(bureau: Bureau, runtime: Runtime) -> None:
    mail = ask(bureau, event(runtime, title="Titre sentinelle"))
    (asked,) = mails(bureau)
    assert (asked["To"], asked["Subject"]) == (mail, "Votre inscription à confirmer")
    assert "Titre sentinelle" in asked.get_content()
    for secret in (PLACE, LINK):
        assert secret not in asked.get_content()
    assert mails(bureau) == []
    browser = bureau.browser()
    page = browser.get(link_of(asked))
    assert "Titre sentinelle" in page.text
    assert "Oui, je viens" in page.text
    assert rows(bureau)[0].confirmed_at is None
    answer = browser.post(link_of(asked), {"reponse": "oui"})
    assert "Vous êtes inscrit" in answer.text
    assert LINK not in answer.text
    (where,) = mails(bureau)
    assert where["Subject"] == "Votre inscription"
    assert PLACE in where.get_content()
    assert LINK in where.get_content()
    # The link of the mail before is over, and so is that of nobody.
    for over in (link_of(asked), "/connexion/inscription/x", f"/connexion/inscription/{'x' * 43}"):
        assert browser.get(over).status_code == 410
        assert browser.post(over, {"reponse": "non"}).status_code == 410
    assert "Annuler mon inscription" in browser.get(link_of(where)).text
    assert "C’est effacé" in browser.post(link_of(where), {"reponse": "non"}).text
    assert rows(bureau) == []
    assert browser.get(link_of(where)).status_code == 410
    assert mails(bureau) == []


def test_no_mail_says_where_a_home_is(bureau: Bureau, runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    with read(bureau.databases.staff) as session:
        home = session.scalars(select(Actor.id).where(Actor.protected)).first()
    where = comes(bureau, announced(runtime, registers=True, actor=home, place="10 rue Cachée"))
    assert LINK in where.get_content()
    assert "Cach" not in where.get_content()


def test_the_last_place_is_given_once(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime, capacity=1)
    ask(bureau, event_id)
    ask(bureau, event_id)
    first, second = mails(bureau)
    browser = bureau.browser()
    assert browser.post(link_of(first), {"reponse": "oui"}).status_code == 200
    full = browser.post(link_of(second), {"reponse": "oui"})
    assert full.status_code == 409
    assert "Complet" in full.text
    (where,) = mails(bureau)
    browser.post(link_of(where), {"reponse": "non"})
    assert browser.post(link_of(second), {"reponse": "oui"}).status_code == 200


@pytest.mark.parametrize("fields", [{"registers": False}, {"audience": "reseau"}])
def test_nobody_registers_for_what_does_not_take_it(
    bureau: Bureau, runtime: Runtime, fields: dict[str, object]
) -> None:
    ask(bureau, announced(runtime, **({"registers": True} | fields)))
    ask(bureau, "0" * 16)
    assert mails(bureau) == []
    assert rows(bureau) == []


@pytest.mark.slow
def test_who_asks_again_and_again_is_sent_one_mail_a_day_and_three_in_all(
    bureau: Bureau, runtime: Runtime
) -> None:
    events = [event(runtime, title=f"Titre {n}") for n in range(5)]
    mail = ask(bureau, events[0])
    assert len(mails(bureau)) == 1
    ask(bureau, events[0], mail)
    # A mailbox has other spellings.
    ask(bureau, events[0], mail.replace("@", "+1@"))
    assert mails(bureau) == []
    assert len(rows(bureau)) == 1
    for each in events[1:]:
        ask(bureau, each, mail)
    assert len(mails(bureau)) + len(mails(bureau)) == 2
    bureau.clock.pass_by(hours=25)
    ask(bureau, events[0], mail)
    assert len(mails(bureau)) == 3


@pytest.mark.slow
def test_who_comes_is_written_to_first_then_who_asked_last_and_who_waits_keeps_nobody(
    bureau: Bureau, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [event(runtime, title=f"Titre {n}") for n in range(4)]
    first = ask(bureau, events[0])
    (asked,) = mails(bureau)
    bureau.browser().post(link_of(asked), {"reponse": "oui"})
    former = ask(bureau, events[0])
    receive_all(runtime)
    bureau.clock.pass_by(minutes=1)
    later = ask(bureau, events[0])
    receive_all(runtime)
    for each in events:
        bureau.clock.pass_by(minutes=1)
        many = ask(bureau, each, "beaucoup@example.org")
        receive_all(runtime)
    monkeypatch.setattr(letters, "AT_ONCE", 1)
    sent = [each["To"] for _ in range(7) for each in mails(bureau)]
    assert sent == [first, many, many, many, later, former]


def test_a_stranger_who_asks_for_an_address_that_comes_ends_no_link(
    bureau: Bureau, runtime: Runtime
) -> None:
    event_id = event(runtime)
    where = comes(bureau, event_id)
    bureau.clock.pass_by(hours=25)
    ask(bureau, event_id, str(where["To"]))
    assert mails(bureau) == []
    assert "Annuler mon inscription" in bureau.browser().get(link_of(where)).text


def test_who_comes_is_reminded_once(bureau: Bureau, runtime: Runtime) -> None:
    comes(bureau, event(runtime))
    at(bureau, BEGINS - timedelta(days=3))
    assert mails(bureau) == []
    at(bureau, BEGINS - timedelta(hours=24))
    (reminded,) = mails(bureau)
    assert reminded["Subject"] == "Rappel de votre inscription"
    assert LINK in reminded.get_content()
    assert mails(bureau) == []
    assert "Annuler" in bureau.browser().get(link_of(reminded)).text


def test_who_comes_is_told_where_it_is_now(bureau: Bureau, runtime: Runtime) -> None:
    event_id = event(runtime)
    where = comes(bureau, event_id)
    assert "remplace" not in where.get_content()
    changed(runtime, event_id, registers=True, place=PLACE, title="Autre titre")
    assert mails(bureau) == []
    bureau.clock.pass_by(hours=1)
    changed(runtime, event_id, registers=True, place="Salle Zola")
    (again,) = mails(bureau)
    assert "ceci remplace notre dernier message" in again.get_content()
    assert "Salle Zola" in again.get_content()
    assert mails(bureau) == []
