"""Operators are told which organisation was given their contact, and nothing else of anybody."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from pydantic import SecretStr

from app.audit.actions import Action
from app.jobs.telling import tell_operators
from app.models import Role
from app.revealing.notices import NAMELESS, SUBJECT, as_named
from geo.zones import paris_day
from importers.phones import one_phone
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.desk.contacts import asked, choose, noted
from tests.desk.home import Home
from tests.mailbox import mail_server

MAIL = "direction@example.org"


@pytest.fixture(autouse=True)
def same_day(bureau: Bureau) -> Iterator[None]:
    before = bureau.clock.at
    yield
    bureau.clock.at = before


@pytest.fixture
def reader(bureau: Bureau) -> Browser:
    return bureau.signed_in(Role.PROFESSIONNEL)


def night(bureau: Bureau, refusing: dict[str, str] | None = None) -> list[EmailMessage]:
    """What operators are sent in a night."""
    with mail_server(refusing=refusing) as (box, port):
        url = SecretStr(f"smtp://127.0.0.1:{port}")
        tell_operators(runtime(bureau, smtp_url=url), bureau.clock.at)
    return box.received


def test_an_operator_is_told_once_of_an_organisation_and_a_day_and_of_nothing_else(
    bureau: Bureau, place: Home, reader: Browser
) -> None:
    choose(bureau, place, mail=MAIL)
    asked(place, reader)
    (mail,) = night(bureau)
    assert (mail["To"], mail["Subject"]) == (MAIL, SUBJECT)
    text = mail.get_content()
    assert f"- Association d’exemple, le {paris_day(bureau.clock.at):%d/%m/%Y}" in text
    whole = f"{text}\n{mail.as_string()}".casefold()
    phone = one_phone(place.phone) or ""
    for known in (place.word, place.street, place.public_id, place.phone, phone, "camille", "m23-"):
        assert known.casefold() not in whole
    assert "protég" not in whole
    assert night(bureau) == []


@pytest.mark.parametrize(
    ("organisation", "said"),
    [
        ("Brigade  des\nmineurs", "Brigade des mineurs"),
        ("Conseil départemental", "Conseil départemental"),
        ("Foyer Les Lilas", NAMELESS),
        ("M.E.C.S. Sainte-Anne", NAMELESS),
        ("Villa Émeraude", NAMELESS),
    ],
)
def test_of_who_houses_others_no_name_is_told(organisation: str, said: str) -> None:
    assert as_named(organisation) == said


def test_nobody_is_told_where_no_mailbox_was_given_nor_who_asked(
    bureau: Bureau, place: Home, reader: Browser
) -> None:
    choose(bureau, place)
    asked(place, reader)
    assert night(bureau) == []
    # Who waits for an agreement was given nothing yet.
    choose(bureau, place, choice="asked", number="+33199887766", mail=MAIL)
    asked(place, bureau.signed_in(Role.PROFESSIONNEL))
    (mail,) = night(bureau)
    assert mail["To"] == MAIL
    assert mail.get_content().count("- Association d’exemple") == 1


def test_a_mailbox_that_takes_nothing_keeps_no_other_one_from_being_told(
    bureau: Bureau, place: Home, reader: Browser
) -> None:
    choose(bureau, place, mail="wrong@example.org")
    asked(place, reader)
    refusing = {"wrong@example.org": "550 5.1.1 unknown"}
    assert night(bureau, refusing) == []
    choose(bureau, place, mail=MAIL, now=bureau.clock.at + timedelta(seconds=1))
    assert [mail["To"] for mail in night(bureau, refusing)] == [MAIL]


@pytest.mark.slow
def test_a_curateur_writes_down_the_mailbox_and_hands_out_who_was_given_the_contact(
    bureau: Bureau, place: Home, reader: Browser
) -> None:
    curateur = bureau.signed_in()
    form = f"{place.page}/professionnels"
    assert curateur.post(f"{form}/demandes").status_code == 403
    place.opened(curateur)
    given = {"choix": "direct", "comment": "Courrier", "courriel": "direction"}
    given["jour"] = f"{paris_day(bureau.clock.at):%d/%m/%Y}"
    assert curateur.post(form, given).status_code == 422
    assert curateur.post(form, given | {"courriel": MAIL}).status_code == 303
    assert f'value="{MAIL}"' in curateur.get(form).text
    asked(place, reader)
    choose(bureau, place, choice="asked", number="+33199887766")
    for _ in range(2):
        asked(place, bureau.signed_in(Role.PROFESSIONNEL))
    page = curateur.get("/gestion/demandes/contacts").text
    of_it = page.split(place.word)[1].split('action="')[1].split('"')[0]
    assert curateur.post(of_it, {"reponse": "refuser"}).status_code == 303
    file = curateur.post(f"{form}/demandes")
    assert file.headers["content-disposition"].startswith("attachment")
    lines = file.content.decode("utf-8-sig").replace('"', "").splitlines()
    rows = [each.split(";") for each in lines]
    assert {row[0] for row in rows} == {"Organisation", "Association d’exemple"}
    assert sorted(row[2] for row in rows) == ["Contact", "donné", "non donné", "refusé"]
    for known in ("Camille", place.word, place.street, place.public_id, "M23-"):
        assert known not in file.text
    assert Action.GIVEN_HANDED_OUT in noted(bureau, place)
    for role in (Role.REFERENT_DEPARTEMENT, Role.ADMINISTRATEUR, Role.PROFESSIONNEL):
        assert bureau.signed_in(role).post(f"{form}/demandes").status_code == 403
