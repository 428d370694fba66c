"""What curateurs wrote as a reason, where administrateurs read it who open no record."""

import re
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.models import Account, Role
from app.platform.database.sessions import write
from geo.text import fold
from tests.attack.conftest import Attacked
from tests.attack.test_desk import readable, sign_in
from tests.attack.test_desk_actors import Masked, desk_of, masked

pytestmark = pytest.mark.slow
# Of each kind of hidden place: a fixed few, and all of them by hand.
SAMPLES = [1, pytest.param(50, marks=pytest.mark.long)]
BY = Author("os:essai", Role.CURATEUR)
PLAIN = "Appelé au standard."
WITHHELD, ASKED_OF = "texte masqué", "seule la personne qui l’a écrit sait ce qu’il dit."


def reasons(each: Masked) -> list[str]:
    """Texts that lead to a hidden place: a phone alone leads to none of those in doubt."""
    street = each.place.street
    return [f"Déménagé au {street}.", f"Vu au {street}, {each.place.phone}."]


@pytest.mark.parametrize("of_each_case", SAMPLES)
def test_the_journal_shows_no_reason_that_leads_to_a_hidden_place(
    written: Attacked, of_each_case: int
) -> None:
    texts = [text for each in masked(written, of_each_case) for text in reasons(each)]
    subjects = [str(uuid4()) for _ in texts]
    with write(written.runtime.staff) as session:
        for subject, text in zip(subjects, texts, strict=True):
            for why in (text, text, PLAIN):
                said = {"actor": str(uuid4()), "why": why, "version": 3}
                add(session, written.runtime.vault, BY, Action.SHOWN, subject, said)
    own = readable(written, Role.ADMINISTRATEUR)
    with desk_of(written, Role.ADMINISTRATEUR) as (client, _):
        pages = [client.get("/gestion/journal", params={"objet": each}) for each in subjects]
        pages.append(client.get("/gestion/journal"))
    for page in pages:
        assert page.status_code == 200
        assert written.sentinels.in_text(page.content) <= own
    for page in pages[:-1]:
        assert (page.text.count(WITHHELD), page.text.count(PLAIN)) == (2, 1)


def professional(session: Session, written: Attacked, **said: str) -> tuple[Account, str]:
    """An account of somebody who says this of themselves, and their address."""
    number, _ = sign_in(written, Role.PROFESSIONNEL)
    row, vault = session.get_one(Account, number), written.runtime.vault
    person = vault.open_json("account", number, "person", row.person) | said
    row.person = vault.seal_json("account", number, "person", person)
    return row, person["mail"]


def test_the_list_of_accounts_shows_no_such_reason_of_an_approval(written: Attacked) -> None:
    texts = [text for each in masked(written, 1) for text in reasons(each)]
    with write(written.runtime.staff) as session:
        for number, text in enumerate((*texts, PLAIN)):
            row, _ = professional(session, written, name=f"motif {number}")
            row.approved_by, row.approved_at = BY.who, row.confirmed_at
            row.reason = written.runtime.vault.seal("account", row.id, "reason", text.encode())
    with desk_of(written, Role.ADMINISTRATEUR) as (client, _):
        page = client.get("/gestion/comptes", params={"q": "motif"})
    assert page.status_code == 200
    assert written.sentinels.in_text(page.content) <= readable(written, Role.ADMINISTRATEUR)
    assert page.text.count(WITHHELD) == len(texts)
    assert PLAIN in page.text


@pytest.mark.parametrize("field", ["function", "organisation"])
def test_the_list_of_accounts_shows_no_such_text_of_who_asked_for_one(
    written: Attacked, field: str
) -> None:
    texts = [text for each in masked(written, 1) for text in reasons(each)]
    with write(written.runtime.staff) as session:
        for number, text in enumerate((*texts, PLAIN)):
            said = {"name": f"{field} {number}", "function": "Aide", "organisation": "Ordinaire"}
            _, mail = professional(session, written, **said | {field: text})
    own = readable(written, Role.ADMINISTRATEUR)
    with desk_of(written, Role.ADMINISTRATEUR) as (client, _):
        page = client.get("/gestion/comptes", params={"q": field})
        left = client.get("/gestion/comptes/partis")
        # All but the one whose address is in the list have left.
        chosen = re.findall(r'name="organisation" value="([^"]+)"', left.text)
        given = {"organisation": chosen, "liste": mail}
        compared = client.post("/gestion/comptes/partis", data=given)
    assert (page.status_code, left.status_code, compared.status_code) == (200, 200, 200)
    for each in (page, left, compared):
        assert written.sentinels.in_text(each.content) <= own
    # Organisations that are written alike are one.
    different = {fold(text) for text in texts} if field == "organisation" else set()
    assert left.text.count("Organisation masquée") >= len(different)
    assert WITHHELD in compared.text
    assert page.text.count(WITHHELD) == len(texts)
    assert ASKED_OF in page.text
    assert PLAIN in page.text
