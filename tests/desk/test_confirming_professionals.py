"""Each year somebody says that a professional still has their function, and they are told so."""

from contextlib import suppress

import pytest
from pydantic import SecretStr

from app.jobs.confirming import confirm_accounts
from app.jobs.mailing import MailSilent
from app.models import Role
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.desk.test_confirming import CHIEF, confirmed, link_in, night, row, words
from tests.mailbox import mail_server


@pytest.fixture
def administrator(bureau: Bureau) -> Browser:
    return bureau.signed_in(Role.ADMINISTRATEUR)


@pytest.mark.parametrize("chief", [CHIEF, ""])
def test_a_professional_is_told_that_somebody_is_asked(
    bureau: Bureau, administrator: Browser, chief: str
) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    path = f"/gestion/comptes/{person.id}/responsable"
    assert administrator.post(path, data={"chief": chief}).status_code == 303
    confirmed(bureau, person, 336)
    question, reminder = night(bureau)
    assert reminder["To"] == person.mail
    assert ("votre responsable de dire" in words(reminder)) is bool(chief)
    assert "prend fin le" in words(reminder)
    assert "bureau" not in words(reminder) + str(reminder["Subject"])
    if chief:
        assert question["To"] == CHIEF
        assert "un accès professionnel à la cartographie" in words(question)
        page = bureau.browser().get(link_in(question))
        assert "un accès professionnel à la cartographie" in page.text
        assert bureau.browser().post(link_in(question), data={"reponse": "non"}).status_code == 200
        assert row(bureau, person).disabled_at is not None
    assert night(bureau) == []
    administrator.post(f"/gestion/comptes/{person.id}/desactiver")


def test_a_professional_whom_nobody_confirms_is_disabled_and_was_told_twice(
    bureau: Bureau, administrator: Browser
) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    confirmed(bureau, person, 336)
    assert [each["To"] for each in night(bureau)].count(person.mail) == 1
    bureau.clock.pass_by(days=23)
    assert [each["To"] for each in night(bureau)].count(person.mail) == 1
    bureau.clock.pass_by(days=7)
    night(bureau)
    assert row(bureau, person).disabled_at is not None


@pytest.mark.parametrize("refused", [CHIEF, "the person"])
def test_a_mail_that_is_not_taken_sends_no_other_one_again(
    bureau: Bureau, administrator: Browser, refused: str
) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    path = f"/gestion/comptes/{person.id}/responsable"
    assert administrator.post(path, data={"chief": CHIEF}).status_code == 303
    confirmed(bureau, person, 336)
    of_chief = refused == CHIEF
    refusing = {CHIEF if of_chief else person.mail: "450 4.2.0 Later"}
    with mail_server(refusing=refusing) as (box, port):
        given = runtime(bureau, smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"))
        for _ in range(2):
            with suppress(MailSilent):
                confirm_accounts(given, bureau.clock.at)
    assert [each["To"] for each in box.received] == ([] if of_chief else [CHIEF])
    # Who could not be asked is, the next time, and the person is told of it then.
    assert [each["To"] for each in night(bureau)] == ([CHIEF, person.mail] if of_chief else [])
    administrator.post(f"/gestion/comptes/{person.id}/desactiver")
