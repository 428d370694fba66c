"""Each year somebody says that a professional still has their function, and they are told so."""

import pytest

from app.models import Role
from tests.desk.bureau import Browser, Bureau
from tests.desk.test_confirming import CHIEF, confirmed, link_in, night, row, words


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
    reminder, question = night(bureau)
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
