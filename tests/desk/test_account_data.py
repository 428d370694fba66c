"""What is held on somebody with an account is handed out at their request, and deleted whole."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from app.accounts import confirming, inviting, people, requests
from app.accounts.errors import AccountUnknown
from app.accounts.people import names_of
from app.accounts.rights import OWNED, held_by, owned_by
from app.audit.verifying import verify
from app.inbox.message import AccessAsked, EventAsked, LetterAsked
from app.models import Account, AgendaRegistration, Base, DeskDraft, LetterSubscriber, Role
from app.network import held as network_held
from app.network.asked import forget
from app.operations.erasure_register import deleted_accounts, register_path
from app.platform.database.sessions import read, write
from app.registrations import registering
from app.runtime.staff import Runtime
from app.subscriptions import subscribing
from tests.desk.asked import runtime as asked_runtime
from tests.desk.bureau import PASSWORD, Browser, Bureau, Person
from tests.makers_agenda import announced

ADMIN = Role.ADMINISTRATEUR
CHIEF = "chefferie@example.org"


@pytest.fixture
def administrator(bureau: Bureau) -> Browser:
    return bureau.signed_in(ADMIN)


def busy(bureau: Bureau) -> tuple[Person, Browser]:
    """Somebody signed in, with a chief, a link to that chief, a form that they began, and a
    request for an access that somebody made with their address.
    """
    person, browser = bureau.enrolled(Role.REFERENT_DEPARTEMENT), bureau.browser()
    bureau.try_door(browser, person)
    with write(bureau.databases.staff) as session:
        account = people.get(session, person.id)
        confirming.give_chief(bureau.vault, account, CHIEF)
        inviting.invite(session, account, "os:test", bureau.clock.at)
        confirming.ask(session, bureau.vault, person.id, bureau.clock.at, linked=True)
        draft = uuid4()
        content = bureau.vault.seal_json("desk_draft", draft, "content", {})
        session.add(DeskDraft(id=draft, account_id=person.id, content=content))
        requests.add(session, bureau.vault, asked_by(person.mail), bureau.clock.at)
    return person, browser


def asked_by(mail: str) -> AccessAsked:
    given = {"name": "Sacha", "organisation": "Exemple", "function": "Éducateur"}
    return AccessAsked(**given, mail=mail, territory="93")


def asks_for_all(bureau: Bureau, runtime: Runtime, mail: str) -> None:
    """Have an address ask for the letter, and to come to an event."""
    event, now = announced(runtime, registers=True), bureau.clock.at
    with write(bureau.databases.staff) as session:
        subscribing.add(session, bureau.vault, LetterAsked(mail=mail), now)
        registering.add(session, bureau.vault, EventAsked(event=event, mail=mail), now)


@pytest.mark.parametrize("with_account", [True, False])
def test_what_an_address_is_sent_is_handed_out_and_erased(
    bureau: Bureau, with_account: bool
) -> None:
    mail, now = f"{uuid4().hex}@example.org", bureau.clock.at
    if with_account:
        mail = bureau.enrolled(Role.PROFESSIONNEL).mail
    asks_for_all(bureau, asked_runtime(bureau), mail)
    with write(bureau.databases.staff) as session:
        account, said = network_held.held_by(session, bureau.vault, mail.upper(), now)
        assert (account is not None) is with_account
        assert [each["confirmee_le"] for each in said["lettre"]] == [""]
        (registered,) = said["inscriptions"]
        assert registered["evenement"]
        if account:
            assert network_held.held(session, bureau.vault, account, now)["lettre"]
        assert forget(session, bureau.vault, mail) == 2
        assert forget(session, bureau.vault, mail) == 0
        for each in (LetterSubscriber, AgendaRegistration):
            assert session.scalars(select(func.count()).select_from(each)).one() == 0
    if not with_account:
        with pytest.raises(AccountUnknown), write(bureau.databases.staff) as session:
            network_held.held_by(session, bureau.vault, mail, now)


def test_of_whom_there_is_no_account_the_requests_are_handed_out(bureau: Bureau) -> None:
    mail, now = f"{uuid4().hex}@example.org", bureau.clock.at
    with pytest.raises(AccountUnknown), write(bureau.databases.staff) as session:
        held_by(session, bureau.vault, mail, now)
    with write(bureau.databases.staff) as session:
        requests.add(session, bureau.vault, asked_by(mail), now)
        account, said = held_by(session, bureau.vault, mail, now)
        assert account is None
        (asked,) = said["demandes_d_acces"]
        assert (asked["nom"], asked["organisation"]) == ("Sacha", "Exemple")
        assert requests.forget(session, bureau.vault, mail) == 1
        assert requests.held(session, bureau.vault, mail) == []


@pytest.mark.slow
def test_what_is_held_is_handed_out_without_a_secret_and_noted(
    bureau: Bureau, administrator: Browser
) -> None:
    person, _ = busy(bureau)
    assert "Télécharger" in administrator.get(f"/gestion/comptes/{person.id}/donnees").text
    answer = administrator.post(f"/gestion/comptes/{person.id}/donnees")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"].startswith("attachment")
    said = answer.json()
    assert said["compte"]["nom"] == "Camille Exemple"
    assert said["compte"]["adresse_electronique"] == person.mail
    assert said["compte"]["adresse_du_responsable"] == CHIEF
    assert said["moyens_de_connexion"]["codes_de_secours_restants"] == 10
    assert [each["navigateur"] for each in said["sessions"]]
    assert len(said["formulaires_commences"]) == len(said["demandes_de_confirmation"]) == 1
    assert [each["nom"] for each in said["demandes_d_acces"]] == ["Sacha"]
    assert [each["geste"] for each in said["journal"]] == ["Connexion"]
    for secret in (person.secret, PASSWORD, *person.codes):
        assert secret not in answer.text
    journal = administrator.get(f"/gestion/journal?objet={person.id}").text
    assert "Données d’un compte remises" in journal


def test_somebody_takes_what_is_held_on_them(bureau: Bureau) -> None:
    person, browser = busy(bureau)
    assert browser.post("/gestion/compte/donnees").json()["compte"]["identifiant"] == str(person.id)
    assert browser.get(f"/gestion/comptes/{person.id}/donnees").status_code == 403
    bureau.clock.pass_by(minutes=6)
    answer = browser.post("/gestion/compte/donnees")
    assert "attachment" not in answer.headers.get("content-disposition", "")


@pytest.mark.slow
def test_a_deletion_leaves_nothing_but_an_id_in_the_journal(
    bureau: Bureau, administrator: Browser
) -> None:
    person, browser = busy(bureau)
    answer = administrator.post(f"/gestion/comptes/{person.id}/supprimer")
    assert answer.headers["location"] == "/gestion/comptes?fait=supprime"
    assert browser.get("/gestion").status_code == 303
    with read(bureau.databases.staff) as session:
        for model in OWNED:
            rows = select(func.count()).where(owned_by(model, person.id))
            assert session.scalar(rows.select_from(model)) == 0, model
        assert session.get(Account, person.id) is None
        assert requests.held(session, bureau.vault, person.mail) == []
        names = names_of(session, bureau.vault, [str(person.id)])
    assert names == {str(person.id): f"Compte supprimé ({str(person.id)[:8]})"}
    assert person.mail not in administrator.get("/gestion/comptes").text
    journal = administrator.get(f"/gestion/journal?qui={person.id}").text
    assert str(person.id) in journal
    assert administrator.get(f"/gestion/comptes/{person.id}/donnees").status_code == 404
    bureau.clock.pass_by(seconds=31)
    assert bureau.try_door(bureau.browser("203.0.113.20"), person).status_code == 422
    assert verify(bureau.databases.staff, bureau.vault).faults == []
    assert person.id in deleted_accounts(register_path(bureau.settings))


def test_an_account_stays_where_its_deletion_cannot_be_noted(
    bureau: Bureau, administrator: Browser
) -> None:
    person = bureau.enrolled()
    path = register_path(bureau.settings)
    moved = path.rename(path.with_name("moved")) if path.exists() else None
    path.mkdir()
    try:
        refused = administrator.post(f"/gestion/comptes/{person.id}/supprimer")
    finally:
        path.rmdir()
        if moved is not None:
            moved.rename(path)
    assert refused.status_code >= 500
    assert person.mail in administrator.get("/gestion/comptes").text


def test_the_same_address_may_have_an_account_again(bureau: Bureau, administrator: Browser) -> None:
    person = bureau.enrolled()
    administrator.post(f"/gestion/comptes/{person.id}/supprimer")
    again, _ = bureau.invited(mail=person.mail)
    assert again.id != person.id


def test_what_belongs_to_an_account_goes_with_it() -> None:
    key = Account.__table__.c.id
    tables = {
        table.name
        for table in Base.metadata.tables.values()
        if any(each.column is key for each in table.foreign_keys)
    }
    assert tables == {model.__tablename__ for model in OWNED}


def test_a_deletion_asks_for_a_fresh_proof_and_is_another_ones(bureau: Bureau) -> None:
    one, other = bureau.enrolled(ADMIN), bureau.enrolled(ADMIN)
    browser = bureau.browser()
    bureau.try_door(browser, one)
    assert browser.post(f"/gestion/comptes/{one.id}/supprimer").status_code == 403
    bureau.clock.pass_by(minutes=6)
    browser.post(f"/gestion/comptes/{other.id}/supprimer")
    with read(bureau.databases.staff) as session:
        assert session.get(Account, other.id) is not None


@pytest.mark.parametrize("role", [role for role in Role if role is not ADMIN])
def test_no_other_role_deletes_or_reads_an_account(bureau: Bureau, role: Role) -> None:
    person, browser = bureau.enrolled(), bureau.signed_in(role)
    for deed in ("supprimer", "donnees"):
        assert browser.post(f"/gestion/comptes/{person.id}/{deed}").status_code == 403
    with read(bureau.databases.staff) as session:
        assert session.get(Account, person.id) is not None


def test_the_last_administrateur_is_not_deleted(bureau: Bureau) -> None:
    one, last = bureau.enrolled(ADMIN), bureau.enrolled(ADMIN)
    browser = bureau.browser()
    bureau.try_door(browser, one)
    # Whoever deletes was let in by a role that they lose meanwhile.
    with write(bureau.databases.staff) as session:
        session.execute(
            text("UPDATE account SET used_at = now() - interval '1 year'"
                 " WHERE role = 'administrateur' AND id <> :id"), {"id": last.id},
        )  # fmt: skip
    answer = browser.post(f"/gestion/comptes/{last.id}/supprimer")
    assert answer.status_code == 422
    assert "Dernier administrateur" in answer.text
