"""Members are told by mail what is new of their searches, and what they may read of it alone."""

from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, select, update

from app.alerting import keeping, mails, news
from app.jobs import alerting
from app.jobs.mailing import MailSilent
from app.models import Actor, Alert, FirstSeen, NetworkMember, OperatorCode
from app.platform.database.sessions import read, write
from app.records import acts
from app.resources.index import read_index
from app.visibility import Viewer
from tests.cut_off import Killed, cut_off
from tests.desk.alerts.rounds import PUBLIC, appears, body, member, round_of, rows, wants
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import ORIGIN, Bureau
from tests.makers import add_resource, decide
from tests.makers_agenda import announced
from tests.networked import leaves
from tests.short_lists import APART, csv, ids, run
from tests.statements import statements

# Of the field, in whatever form: none may stand where others see a mail without opening it.
OF_THE_FIELD = ("mineur", "exploit", "prostitu", "sexuel", "mesure 23", "enfan", "violence")


@pytest.fixture(autouse=True)
def _nobody(bureau: Bureau) -> None:
    """What was there before is no news, and nobody is told of anything."""
    with write(bureau.databases.staff) as session:
        session.execute(delete(NetworkMember))
        news.note(session, bureau.clock.at)
    bureau.clock.pass_by(seconds=1)


def test_a_member_is_told_once_of_who_appears_and_by_a_neutral_subject(bureau: Bureau) -> None:
    person = member(bureau, "/departements/93?q=Nouvelle")
    assert round_of(bureau) == []
    appears(bureau, "Nouvelle antenne", slug="nouvelle")
    appears(bureau, "Autre chose")
    (mail,) = round_of(bureau)
    assert mail["To"] == person.mail
    assert mail["Subject"] == mails.SUBJECT
    heads = "".join(str(each) for each in mail.values()).lower()
    assert not [word for word in OF_THE_FIELD if word in heads]
    text = body(mail)
    assert "Seine-Saint-Denis, « Nouvelle »" in text
    assert "Nouvelle antenne (Association" in text
    assert f"{PUBLIC}/acteurs/" in text
    assert f"{ORIGIN}/pro/alertes" in text
    assert "Autre chose" not in text
    assert round_of(bureau) == []


def test_who_was_public_before_is_published_again_or_changes_is_no_news(bureau: Bureau) -> None:
    appears(bureau, "Ancienne antenne")
    round_of(bureau)
    member(bureau)
    own = "UPDATE actor SET {} WHERE name = 'Ancienne antenne'"
    for change in ("status = 'archived'", "status = 'published'", "slug = 'autre'"):
        with bureau.databases.staff.begin() as connection:
            connection.exec_driver_sql(own.format(change))
        assert round_of(bureau) == []


def test_who_is_protected_is_no_news_as_it_disappears_nor_under_its_neutral_name(
    bureau: Bureau,
) -> None:
    run(runtime_of(bureau), csv(APART))
    round_of(bureau)
    member(bureau)
    actor = ids(runtime_of(bureau))["Association libre"]
    decide(runtime_of(bureau), acts.protect, actor, who="essai", why="Foyer d’exemple.")
    assert round_of(bureau) == []
    with read(bureau.databases.staff) as session:
        seen = select(FirstSeen.public_id).where(FirstSeen.public_id == actor)
        assert session.scalar(seen) is None


def test_whom_their_operator_is_about_to_hide_stands_in_no_mail(bureau: Bureau) -> None:
    member(bureau)
    round_of(bureau)
    appears(bureau, "Bientôt masquée")
    with write(bureau.databases.staff) as session:
        actor = session.scalars(select(Actor).where(Actor.name == "Bientôt masquée")).one()
        number, now = uuid4(), bureau.clock.at
        label = bureau.vault.seal("operator_code", number, "label", b"x")
        given = {"id": number, "actor_id": actor.id, "digest": uuid4().bytes, "label": label}
        days = {"made_at": now, "link_ends_at": now, "shown_at": now, "asked_at": now}
        session.add(OperatorCode(**given, **days, made_by="essai"))
    sent = round_of(bureau)
    with write(bureau.databases.staff) as session:
        session.delete(session.get_one(OperatorCode, number))
    assert sent == []


def test_who_is_protected_between_computing_and_sending_stands_in_no_later_mail(
    bureau: Bureau,
) -> None:
    for _ in range(2):
        member(bureau)
    line = "Antenne du soir;Association;7 rue Tierce;93300;Aubervilliers;01 99 00 00 51;"
    run(runtime_of(bureau), csv(line))
    actor = ids(runtime_of(bureau))["Antenne du soir"]
    once = [partial(decide, runtime_of(bureau), acts.protect, actor, who="essai", why="Foyer.")]

    def protect_once() -> None:
        if once:
            once.pop()()

    mails_sent = round_of(bureau, protect_once)
    # The first one was on its way; the second was computed before, and read again.
    assert len(mails_sent) == 1
    assert "Antenne du soir" in body(mails_sent[0])
    assert round_of(bureau) == []


@pytest.mark.parametrize("became", ["left", "excluded", "charter"])
def test_who_is_no_member_any_more_is_told_nothing(bureau: Bureau, became: str) -> None:
    person = member(bureau)
    appears(bureau, "Nouvelle antenne")
    own = update(NetworkMember).where(NetworkMember.account_id == person.id)
    if became == "left":
        leaves(runtime_of(bureau), person.id)
        assert rows(bureau) == []
    else:
        excluded = own.values(blocked_at=bureau.clock.at)
        former = own.values(charter_on=date(2026, 1, 1))
        with write(bureau.databases.staff) as session:
            session.execute(excluded if became == "excluded" else former)
    assert round_of(bureau) == []
    # Nothing stays of somebody excluded; who has a new charter to accept keeps what they asked.
    assert len(rows(bureau)) == (became == "charter")


def test_members_are_told_what_is_for_them_of_resources_and_the_agenda(bureau: Bureau) -> None:
    person = member(bureau, "/ressources")
    wants(bureau, person.id, "/agenda")
    with bureau.databases.staff.begin() as connection:
        add_resource(connection, title="Guide pour tous")
        add_resource(connection, title="Guide réservé", audience="professionnel")
    begins = bureau.clock.at + timedelta(days=30)
    announced(runtime_of(bureau), title="Journée du réseau", audience="reseau", begins_at=begins)
    texts = "".join(map(body, round_of(bureau)))
    assert "Guide pour tous" in texts
    assert f"{ORIGIN}/pro/ressources/" in texts
    assert "Journée du réseau" in texts
    assert f"{ORIGIN}/pro/agenda/" in texts
    assert round_of(bureau) == []


def test_nobody_but_a_member_is_sent_what_is_for_members(bureau: Bureau) -> None:
    person = member(bureau)
    with bureau.databases.staff.begin() as connection:
        hidden = add_resource(connection, title="Guide réservé", audience="professionnel")
    with read(bureau.databases.staff) as session:
        for account, reads in ((person.id, True), (None, True), (bureau.enrolled().id, False)):
            resource = Viewer.written_to(account, bureau.clock.at).resources().c
            found = select(resource.public_id).where(resource.public_id == hidden)
            assert (session.scalar(found) is not None) == reads


def test_twenty_stand_in_a_mail_and_the_others_behind_a_link(bureau: Bureau) -> None:
    member(bureau, "/departements/93?q=serie")
    for number in range(22):
        appears(bureau, f"Serie {number:02}")
    (mail,) = round_of(bureau)
    assert body(mail).count("\n– ") == 20
    assert f"et 2 autres : {PUBLIC}/departements/93?q=serie" in body(mail)


def test_each_week_is_once_a_week_at_most_and_loses_nothing(bureau: Bureau) -> None:
    member(bureau, rhythm="semaine")
    appears(bureau, "Lundi")
    assert round_of(bureau) == []
    bureau.clock.pass_by(days=6)
    appears(bureau, "Dimanche")
    bureau.clock.pass_by(days=1)
    (mail,) = round_of(bureau)
    assert all(name in body(mail) for name in ("Lundi", "Dimanche"))
    appears(bureau, "Mardi")
    assert round_of(bureau) == []


def test_whose_worker_was_killed_is_told_of_nothing_twice(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    member(bureau)
    appears(bureau, "Nouvelle antenne")
    cut_off(monkeypatch, Killed(), sent=False)
    with pytest.raises(Killed):
        round_of(bureau)
    assert rows(bureau)[0].going_at is not None
    assert round_of(bureau) == []
    assert rows(bureau)[0].going_at is None
    appears(bureau, "Plus nouvelle")
    (mail,) = round_of(bureau)
    assert "Plus nouvelle" in body(mail)
    assert "Nouvelle antenne" not in body(mail)


def test_a_server_that_is_not_there_loses_no_news_and_one_that_refuses_twice_suspends(
    bureau: Bureau,
) -> None:
    person = member(bureau)
    appears(bureau, "Nouvelle antenne")
    bureau.clock.pass_by(minutes=5)
    given = {"smtp_url": SecretStr("smtp://127.0.0.1:1"), "public_url": PUBLIC}
    with pytest.raises(MailSilent):
        alerting.tell_all(runtime_of(bureau, **given), bureau.clock.at)
    assert len(round_of(bureau)) == 1
    for name in ("Une", "Deux"):
        appears(bureau, name)
        round_of(bureau, refusing={person.mail: "550 5.1.1 unknown"})
    appears(bureau, "Trois")
    assert round_of(bureau) == []
    assert rows(bureau)[0].refusals == keeping.SUSPENDS


def test_equal_searches_are_looked_for_once(bureau: Bureau) -> None:
    appears(bureau, "Nouvelle antenne")
    with write(bureau.databases.staff) as session:
        news.note(session, bureau.clock.at)
    counts = []
    for _ in range(2):
        for _ in range(3):
            person = member(bureau)
            with write(bureau.databases.staff) as session:
                earlier: datetime = bureau.clock.at - timedelta(days=1)
                mine = update(Alert).where(Alert.account_id == person.id)
                session.execute(mine.values(since=earlier))
        viewer = Viewer.written_to(None, bureau.clock.at)
        index = partial(read_index, viewer=viewer)
        with statements(bureau.databases.staff) as sent, write(bureau.databases.staff) as session:
            found, failed = news.due(session, bureau.vault, bureau.clock.at, index)
        counts.append((len(sent), len(found), failed))
    assert [each[1:] for each in counts] == [(3, 0), (6, 0)]
    assert counts[0][0] == counts[1][0]


def test_who_is_excluded_while_others_are_written_to_is_sent_nothing(bureau: Bureau) -> None:
    for _ in range(3):
        member(bureau)
    appears(bureau, "Nouvelle antenne")

    def excludes_all() -> None:
        with write(bureau.databases.staff) as session:
            session.execute(update(NetworkMember).values(blocked_at=bureau.clock.at))

    assert len(round_of(bureau, excludes_all)) == 1
    assert round_of(bureau) == []
    assert rows(bureau) == []
