"""A month before its term an actor is asked by mail, and confirms or corrects by one page."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select, text, update

from app.audit.journal import Author
from app.freshness import asking
from app.models import Actor, ActorProtected, Proposal, Report, Revision, Role
from app.models import Provenance as StoredProvenance
from app.platform.database.sessions import read, write
from app.records import many
from app.records.acts import protect
from app.records.joining import join
from app.records.parting import undo_join
from app.records.proposals import perhaps_same, propose
from app.records.sealed import open_provenance
from app.reports.waiting import content_of
from app.search.terms import later
from app.vault.digests import index_key
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.desk.asked import (
    MONTH,
    NAME,
    SECRET,
    due_in_a_month,
    link_to,
    night,
    outcomes,
    runtime,
)
from tests.desk.bureau import Bureau
from tests.serving import unnumbered
from tests.short_lists import csv, ids, run


def another(bureau: Bureau, number: int) -> tuple[str, str]:
    """The public id of an actor of a test alone, and the link that it got."""
    name, mail = f"Antenne {number}", f"antenne{number}@example.org"
    line = f"{name};Association;{number} rue du Port;93200;Saint-Denis;01 99 00 02 {number};{mail}"
    run(runtime(bureau), csv(line), source=name)
    due_in_a_month(bureau, name)
    return ids(runtime(bureau))[name], link_to(night(bureau), mail)


def of(bureau: Bureau, name: str) -> tuple[Actor, ActorProtected]:
    with read(bureau.databases.staff) as session:
        pair = session.execute(
            select(Actor, ActorProtected)
            .join(ActorProtected, ActorProtected.actor_id == Actor.id)
            .where(Actor.name == name)
        ).one()
        return pair[0], pair[1]


def written(bureau: Bureau) -> tuple[Any, ...]:
    """All that a link could have changed."""
    tables = ("actor", "actor_protected", "actor_question", "report", "revision", "audit_entry")
    with read(bureau.databases.staff) as session:
        return tuple(
            session.scalars(text(f"SELECT t::text FROM {each} t ORDER BY 1")).all()
            for each in tables
        )


def test_a_mail_names_who_is_public_and_nothing_of_who_is_hidden(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    mails = {each["To"]: each.get_content() for each in night(bureau)}
    assert NAME in mails["crip@example.org"]
    assert not [word for word in SECRET if word in mails["foyer@example.org"]]
    assert month_before[NAME] not in "".join(mails.values())


@pytest.mark.slow
def test_to_open_a_link_writes_nothing_and_all_is_right_renews_the_day_at_once(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    link = link_to(night(bureau), "crip@example.org")
    scanner, before = bureau.browser(), written(bureau)
    for _ in range(3):
        page = scanner.get(link)
        assert page.status_code == 200
        assert NAME.replace("'", "’") in page.text or NAME in page.text.replace("&#39;", "'")
        assert "01 99 00 00 01" in page.text.replace("\u00a0", " ")
    assert written(bureau) == before
    answer = scanner.post(link, {"reponse": "juste"})
    assert answer.status_code == 200
    assert "Merci, c’est confirmé" in answer.text
    today = paris_day(bureau.clock.at)
    actor, sealed = of(bureau, NAME)
    assert actor.verified_on == today
    assert sealed.due_on is not None
    assert sealed.due_on > today + timedelta(days=150)
    assert outcomes(bureau)["confirmed"] == 1
    with read(bureau.databases.staff) as session:
        fields = session.get_one(StoredProvenance, actor.id).fields
        origin = open_provenance(bureau.vault, actor.id, fields)["verified_on"]
        who = session.scalars(
            select(Revision.who).where(Revision.actor_id == actor.id).order_by(Revision.number)
        ).all()
    assert (origin.source, origin.how) == ("staff", "own")
    assert who[-1] == "link:actor"
    curateur = bureau.signed_in(Role.CURATEUR)
    assert "L’acteur lui-même" in curateur.get(f"/gestion/acteurs/{month_before[NAME]}").text


def test_what_changed_waits_beside_the_sheet_and_is_taken_by_one_press(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    link = link_to(night(bureau), "crip@example.org")
    visitor = bureau.browser()
    shown = visitor.get(link).text
    assert "1 rue de l" in shown
    same = {"horaires": "", "adresse": "1 rue de l'Exemple\n93000 Bobigny"}
    sent = {"reponse": "corriger", "telephone": "01 99 00 00 77", **same}
    assert "Merci, c’est envoyé" in visitor.post(link, sent).text
    actor, _ = of(bureau, NAME)
    assert actor.phones == ["+33199000001"]
    with read(bureau.databases.staff) as session:
        reports = session.scalars(select(Report)).all()
    assert [(each.actor_id, each.wrong) for each in reports] == [(actor.id, "phone")]
    curateur = bureau.signed_in(Role.CURATEUR)
    page = curateur.get("/gestion/signalements").text
    assert "Dit par l’acteur" in page
    found = re.search(rf'signalements/{reports[0].id}".*?name="vu" value="(\d+)"', page, re.S)
    assert found
    taken = {"reponse": "prendre", "vu": found[1]}
    answer = curateur.post(f"/gestion/signalements/{reports[0].id}", taken)
    assert "fait=prendre" in answer.headers["location"]
    actor, _ = of(bureau, NAME)
    assert actor.phones == ["+33199000077"]
    assert actor.verified_on == paris_day(bureau.clock.at)


def test_a_field_that_is_emptied_is_said_to_be_wrong(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    visitor, link = bureau.browser(), link_to(night(bureau), "crip@example.org")
    page = visitor.get(link).text
    found = re.findall(r'name="(lu_\w+)" value="([^"]*)"', page)
    as_read = {name: unescape(text) for name, text in found}
    assert as_read["lu_telephone"]
    same = {name.removeprefix("lu_"): text for name, text in as_read.items()}
    sent = {"reponse": "corriger", **same, **as_read, "telephone": ""}
    assert "Merci, c’est envoyé" in visitor.post(link, sent).text
    actor, _ = of(bureau, NAME)
    with read(bureau.databases.staff) as session:
        reports = session.scalars(select(Report).where(Report.actor_id == actor.id)).all()
    assert [each.wrong for each in reports] == ["phone"]


def test_the_link_of_a_hidden_actor_shows_no_field_and_its_answer_renews_it(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    link = link_to(night(bureau), "foyer@example.org")
    visitor = bureau.browser()
    page = visitor.get(link)
    assert page.status_code == 200
    assert not [word for word in SECRET if word in page.text]
    assert not [
        name for name in ("telephone", "horaires", "adresse") if f'name="{name}"' in page.text
    ]
    said = visitor.post(link, {"reponse": "juste"})
    assert not [word for word in SECRET if word in said.text]
    with read(bureau.databases.staff) as session:
        days = select(ActorProtected.due_on).where(ActorProtected.level == "neutral")
        due_on = session.scalars(days).one()
        assert due_on
        assert due_on > paris_day(bureau.clock.at) + MONTH
        public = select(Actor.verified_on).where(Actor.protected)
        assert session.scalars(public).all() == [None]


def test_who_was_protected_meanwhile_shows_nothing_any_more(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    public_id, link = another(bureau, 51)
    visitor = bureau.browser()
    assert "rue du Port" in visitor.get(link).text
    with write(bureau.databases.staff) as session:
        protect(session, bureau.vault, public_id, who="essai", why="essai")
    page = visitor.get(link).text
    for word in ("Antenne", "rue du Port", "01 99", "Association", public_id):
        assert word not in page
    sent = {"reponse": "corriger", "autre": "Nous avons déménagé", "telephone": "01 99 00 00 78"}
    assert visitor.post(link, sent).status_code == 200
    with read(bureau.databases.staff) as session:
        reports = session.scalars(select(Report)).all()
    rights = {each.wrong: content_of(bureau.vault, each)["right"] for each in reports}
    assert rights == {"other": "Nous avons déménagé", "phone": "01 99 00 00 78"}


def test_what_was_written_of_one_field_is_kept_of_who_was_protected_meanwhile(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    public_id, link = another(bureau, 52)
    visitor = bureau.browser()
    assert "rue du Port" in visitor.get(link).text
    with write(bureau.databases.staff) as session:
        protect(session, bureau.vault, public_id, who="essai", why="essai")
    sent = {"reponse": "corriger", "telephone": "01 99 00 00 79", "horaires": "lundi 9 h - 12 h"}
    long = visitor.post(link, sent | {"adresse": "x" * 1001, "autre": "Sur rendez-vous"})
    assert long.status_code == 422
    assert '<a href="#autre">' in long.text
    field = re.search(r'<textarea id="autre".*?>(.*?)</textarea>', long.text, re.S)
    assert field
    for word in ("01 99 00 00 79", "lundi 9 h - 12 h", "x" * 1001, "Sur rendez-vous"):
        assert word in field[1]
    for word in ("Antenne", "rue du Port", "01 99 00 02", "Association", public_id):
        assert word not in long.text
    assert "Merci, c’est envoyé" in visitor.post(link, sent | {"autre": ""}).text
    with read(bureau.databases.staff) as session:
        reports = session.scalars(select(Report)).all()
    rights = {each.wrong: content_of(bureau.vault, each)["right"] for each in reports}
    assert rights == {"phone": "01 99 00 00 79", "hours": "lundi 9 h - 12 h"}


@pytest.mark.parametrize("over", ["used", "ended", "archived", "unknown"])
def test_a_link_that_is_over_says_what_to_do_and_the_same_whatever_the_reason(
    bureau: Bureau, month_before: dict[str, str], over: str
) -> None:
    (public_id, link), passed = another(bureau, 60 + len(over)), timedelta(0)
    visitor = bureau.browser()
    if over == "used":
        assert visitor.post(link, {"reponse": "juste"}).status_code == 200
    elif over == "ended":
        passed = asking.LINK_FOR
    elif over == "archived":
        curateur = bureau.signed_in(Role.CURATEUR)
        gesture = {"geste": "archiver"}
        curateur.post(f"/gestion/acteurs/{public_id}/geste", gesture)
    else:
        link = f"{link[:-43]}{'x' * 43}"
    bureau.clock.at += passed
    try:
        answers = [visitor.get(link), visitor.post(link, {"reponse": "juste"})]
    finally:
        bureau.clock.at -= passed
    for each in answers:
        assert each.status_code == 410
        assert "Ce lien ne sert plus" in each.text
        assert "Signaler" in each.text
        assert "Antenne" not in each.text
    unknown = visitor.get(f"/connexion/fiche/{'y' * 43}").text
    assert unnumbered(answers[0].text) == unnumbered(unknown)


def test_a_text_that_tells_of_a_child_is_answered_and_stored_nowhere(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    link = link_to(night(bureau), "crip@example.org")
    sent = {"reponse": "corriger", "autre": "aidez-moi, j’ai peur"}
    assert "119" in bureau.browser().post(link, sent).text
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(Report.id)).all() == []
    assert outcomes(bureau)[None] == 2


def test_nothing_changed_is_said_and_the_link_still_serves(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    _, link = another(bureau, 71)
    same = {"telephone": "01 99 00 02 71", "adresse": "71 rue du Port\r\n93200 Saint-Denis"}
    page = bureau.browser().post(link, {"reponse": "corriger", **same})
    assert page.status_code == 422
    assert "Rien n’est changé ici" in page.text
    assert bureau.browser().post(link, {"reponse": "juste"}).status_code == 200


def test_as_much_is_taken_as_the_page_lets_write_and_more_is_said_to_be_too_long(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    _, link = another(bureau, 73)
    # A browser counts the end of a line as one character, and sends two.
    whole, visitor = "\r\n".join(["abcd"] * 200), bureau.browser()
    sent = {"reponse": "corriger", "autre": f"{whole}abcdef", "ferme": "true"}
    page = visitor.post(link, sent)
    assert page.status_code == 422
    assert "1000 caractères au plus" in page.text
    assert '<a href="#autre">' in page.text
    assert "abcdef</textarea>" in page.text
    assert re.search(r'name="ferme" value="true" checked', page.text)
    answer = visitor.post(link, {"reponse": "corriger", "autre": f"{whole}\r\n"})
    assert "Merci, c’est envoyé" in answer.text


def test_a_year_passes(bureau: Bureau, month_before: dict[str, str]) -> None:
    """Asked and silent; confirmed by its link the next time, and asked anew half a year later."""
    before, asked = bureau.clock.at, night(bureau)
    try:
        bureau.clock.pass_by(days=90)
        assert night(bureau) == []
        with write(bureau.databases.staff) as session:
            by_hand = Author("essai")
            many.do(session, bureau.vault, OPERATOR, by_hand, [month_before[NAME]], many.VERIFY)
            actor = select(Actor.id).where(Actor.name == NAME).scalar_subquery()
            due = paris_day(bureau.clock.at) + asking.AHEAD
            given = update(ActorProtected).where(ActorProtected.actor_id == actor)
            session.execute(given.values(due_on=due))
        again = night(bureau)
        assert [each["To"] for each in again] == ["crip@example.org"]
        assert bureau.browser().get(link_to(asked, "crip@example.org")).status_code == 410
        link = link_to(again, "crip@example.org")
        assert bureau.browser().post(link, {"reponse": "juste"}).status_code == 200
        confirmed = paris_day(bureau.clock.at)
        assert of(bureau, NAME)[0].verified_on == confirmed
        assert of(bureau, NAME)[1].due_on == later(confirmed, 6)
        bureau.clock.pass_by(days=145)
        assert night(bureau) == []
        bureau.clock.pass_by(days=15)
        assert [each["To"] for each in night(bureau)] == ["crip@example.org"]
    finally:
        bureau.clock.at = before


@pytest.mark.slow
def test_the_link_of_one_that_was_joined_to_another_serves_once_they_are_two_again(
    bureau: Bureau,
) -> None:
    stays, _ = another(bureau, 71)
    public_id, link = another(bureau, 72)
    with write(bureau.databases.staff) as session:
        names = dict(session.execute(select(Actor.public_id, Actor.id)).all())
        found = perhaps_same(names[public_id], names[stays], "même adresse postale")
        propose(session, bureau.vault, index_key(session, bureau.vault), [found])
        of_it = Proposal.actor_id == names[public_id]
        proposal = session.scalars(select(Proposal.id).where(of_it)).one()
        join(session, bureau.vault, proposal, who="essai")
    assert bureau.browser().get(link).status_code == 410
    mails = night(bureau)
    assert "antenne72@example.org" not in {each["To"] for each in mails}
    with write(bureau.databases.staff) as session:
        undo_join(session, bureau.vault, proposal, who="essai")
    assert "Antenne 72" in bureau.browser().get(link).text
