"""Of each kind that is taken from the public, a copy of before hides it again, and little more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.accounts import ending, identities, inviting, passkeys, people, requests
from app.accounts.deciders import Decider
from app.accounts.errors import InvitationEnded
from app.inbox.message import AccessAsked
from app.lists import links
from app.models import (
    AccessRequest,
    Account,
    Actor,
    Confirmation,
    DepositLink,
    OperatorCode,
    Passkey,
    Role,
    Source,
)
from app.platform.database.sessions import read, write
from app.platform.oidc.provider import Identity
from app.records import acts, operator_codes
from app.records.edits import correct
from app.records.record import Origin
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.databases import Copy
from tests.makers import decide
from tests.makers_resources import now
from tests.operations.restoring import again, replayed, restored
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, csv, ids, reached, run

pytestmark = pytest.mark.slow

BESIDE = "Association du palier;Association;1 rue de l'Exemple;93000;Bobigny;01 99 00 00 61;"
PHONE, OF_ASE = "01 99 00 00 10", "+33199000002"


def neutral_name(runtime: Runtime) -> str:
    (name,) = (each for each in ids(runtime) if "d'exemple" not in each and "voisine" not in each)
    return name


def hide_contact(runtime: Runtime, name: str, value: str) -> None:
    decide(runtime, acts.hide_contact, ids(runtime)[name], value, who="os:essai", why="essai")


def public_rows(runtime: Runtime) -> str:
    """All that a visitor may read of actors."""
    with runtime.databases.public.connect() as connection:
        shown = "SELECT a::text FROM actor a WHERE status = 'published'"
        return "\n".join(connection.execute(text(shown)).scalars())


def corrected(runtime: Runtime, name: str, act: str = "correct", **values: object) -> None:
    with write(runtime.staff) as session:
        writer, edit = acts.find(session, runtime.vault, ids(runtime)[name])
        correct(edit, values, Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF))
        acts.write(session, runtime.vault, writer, edit, act, "os:essai")


def archive(runtime: Runtime, name: str) -> None:
    corrected(runtime, name, "archive", status="archived")


def test_a_phone_that_a_person_showed_of_a_home_and_took_back(
    noting: Runtime, copy_of: Copy
) -> None:
    run(noting, csv(SHELTER))
    home = neutral_name(noting)
    decide(noting, acts.show_phone, ids(noting)[home], PHONE, who="os:essai", why="accord")
    assert reached(noting, home)[0] == ["+33199000010"]
    copy = restored(noting, copy_of)
    hide_contact(noting, home, "+33199000010")
    assert reached(copy, home)[0] == ["+33199000010"]
    assert again(copy) == 1
    assert reached(copy, home)[0] == []


def test_a_phone_of_one_whose_address_is_held_back(noting: Runtime, copy_of: Copy) -> None:
    run(noting, csv(SHELTER, NEIGHBOUR))
    copy = restored(noting, copy_of)
    hide_contact(noting, "Association voisine", "+33199000011")
    assert reached(copy, "Association voisine")[0] == ["+33199000011"]
    again(copy)
    assert reached(copy, "Association voisine")[0] == []


def test_a_phone_of_one_that_hides_nothing_else(noting: Runtime, copy_of: Copy) -> None:
    copy = restored(noting, copy_of)
    hide_contact(noting, "ASE d'exemple", OF_ASE)
    again(copy)
    assert reached(copy, "ASE d'exemple")[0] == []


def test_a_phone_that_a_person_took_out_and_none_in_its_place(
    noting: Runtime, copy_of: Copy
) -> None:
    copy = restored(noting, copy_of)
    corrected(noting, "ASE d'exemple", phones=())
    # Another one is in its place: it was wrong, and no secret.
    corrected(noting, "CRIP d'exemple", phones=("+33199000044",))
    assert again(copy) == 1
    assert reached(copy, "ASE d'exemple")[0] == []
    assert reached(copy, "CRIP d'exemple")[0] == ["+33199000001"]


def test_a_phone_that_its_list_withholds_from_now_on(noting: Runtime, copy_of: Copy) -> None:
    copy = restored(noting, copy_of)
    run(noting, csv(CRIP, ASE).replace("Téléphone".encode("cp1252"), b"Ligne directe"))
    assert reached(noting, "ASE d'exemple")[0] == []
    again(copy)
    assert reached(copy, "ASE d'exemple")[0] == []


def test_a_phone_that_its_list_withholds_as_it_makes_a_home_of_who_is_beside_it(
    noting: Runtime, copy_of: Copy
) -> None:
    run(noting, csv(CRIP, ASE, BESIDE))
    copy = restored(noting, copy_of)
    home = CRIP.replace(";CRIP;", ";MECS;")
    run(noting, csv(home, ASE, BESIDE).replace("Téléphone".encode("cp1252"), b"Ligne directe"))
    assert reached(noting, "Association du palier")[0] == []
    assert reached(copy, "Association du palier")[0] == ["+33199000061"]
    again(copy)
    assert "1 rue de l'Exemple" not in public_rows(copy)
    assert reached(copy, "Association du palier")[0] == []


def test_who_is_held_beside_one_that_is_hidden_again_gives_its_contacts_as_before(
    noting: Runtime, copy_of: Copy
) -> None:
    run(noting, csv(CRIP, ASE, BESIDE))
    copy = restored(noting, copy_of)
    given = ids(noting)["CRIP d'exemple"]
    decide(noting, acts.protect, given, who="os:essai", why="essai")
    assert reached(noting, "Association du palier")[0] == ["+33199000061"]
    again(copy)
    assert "1 rue de l'Exemple" not in public_rows(copy)
    assert reached(copy, "Association du palier")[0] == ["+33199000061"]


def test_the_address_of_one_that_a_home_gives_away_of_which_the_copy_knows_nothing(
    noting: Runtime, copy_of: Copy
) -> None:
    run(noting, csv(CRIP, ASE, APART))
    copy = restored(noting, copy_of)
    there = "99 rue Autre;93300;Aubervilliers"
    run(noting, csv(SHELTER.replace("10 rue Cachée;93000;Bobigny", there)))
    assert "99 rue Autre" not in public_rows(noting)
    assert "99 rue Autre" in public_rows(copy)
    assert replayed(copy).unknown == 0
    assert "99 rue Autre" not in public_rows(copy)


@pytest.mark.parametrize("secret", [True, False], ids=["secret", "archived"])
def test_that_an_actor_is_there_at_all(noting: Runtime, copy_of: Copy, secret: bool) -> None:
    copy = restored(noting, copy_of)
    if secret:
        given = ids(noting)["ASE d'exemple"]
        decide(noting, acts.protect, given, who="os:essai", why="essai", secret=True)
    else:
        archive(noting, "ASE d'exemple")
    assert public_rows(copy).count(",published,") == 2
    again(copy)
    assert public_rows(copy).count(",published,") == 1
    with read(copy.staff) as session:
        assert status_of(session) == ("secret" if secret else "archived")


def status_of(session: Session) -> str:
    """The status of the one that is not published."""
    return session.scalars(select(Actor.status).where(Actor.status != "published")).one()


def test_a_link_a_code_an_account_a_request_and_ways_into_an_account(
    noting: Runtime, copy_of: Copy
) -> None:
    link, code = uuid4(), uuid4()
    with write(noting.staff) as session:
        vault = noting.vault
        source = session.scalars(select(Source.id)).first()
        assert source
        links.make(session, OPERATOR, source, link, "os:essai", now())
        actor = session.scalars(select(Actor.id)).first()
        assert actor
        given = (session, vault, actor, code, "Direction")
        operator_codes.invite(*given, who="os:essai", now=now())
        account = made_account(session, noting)
        request = made_request(session, noting)
        keys = [made_key(session, account) for _ in range(2)]
        identity = Identity("https://exemple.fr", "7", "", True, "")
        identities.link(session, vault, account, identity, now())
    copy = restored(noting, copy_of)
    with write(noting.staff) as session:
        assert links.close(session, OPERATOR, source, link, now())
        assert operator_codes.revoke(session, noting.vault, actor, code)
        passkeys.remove(session, people.get(session, account), keys[0])
        identities.remove(session, account)
        # Tied anew since to another one, of which the backup knows nothing.
        identities.link(session, vault, account, replace(identity, subject="8"), now())
        ending.disable(session, people.get(session, account), now())
        requests.refuse(session, vault, request, Decider(Role.REFERENT_DEPARTEMENT, ["93"], now()))
    assert again(copy) == 6
    with read(copy.staff) as session:
        is_open = DepositLink.ends_at > func.now()
        assert not session.scalars(select(DepositLink.id).where(is_open)).all()
        assert not session.scalars(select(OperatorCode.id)).all()
        assert session.get_one(Account, account).disabled_at is not None
        assert not session.scalars(select(AccessRequest.id)).all()
        assert session.scalars(select(Passkey.id)).all() == keys[1:]
        assert not identities.has_any(session, account)


def test_an_account_that_lost_a_role_or_a_territory_and_none_that_got_one_more(
    noting: Runtime, copy_of: Copy
) -> None:
    roles = {
        "role": (Role.CURATEUR, [], Role.REFERENT_DEPARTEMENT, ["93"]),
        "territory": (Role.REFERENT_DEPARTEMENT, ["93", "75"], Role.REFERENT_DEPARTEMENT, ["93"]),
        "more": (Role.REFERENT_DEPARTEMENT, ["93"], Role.REFERENT_DEPARTEMENT, ["93", "75"]),
    }
    ids = dict[str, UUID]()
    with write(noting.staff) as session:
        for name, (role, codes, *_) in roles.items():
            given = {"mail": f"{name}@example.org", "name": "Camille Exemple", "by": "os:essai"}
            made = people.create(session, noting.vault, role=role, territories=codes, **given)
            ids[name] = made.id
    copy = restored(noting, copy_of)
    with write(noting.staff) as session:
        for name, (*_, role, codes) in roles.items():
            ending.change_role(session, people.get(session, ids[name]), role, codes, now())
    assert again(copy) == 2
    with read(copy.staff) as session:
        usable = session.scalars(select(Account.id).where(Account.disabled_at.is_(None))).all()
    assert usable == [ids["more"]]


@pytest.mark.parametrize("since", [inviting.invite, None], ids=["invited anew", "nothing since"])
def test_a_link_by_which_somebody_was_to_choose_how_to_sign_in(
    noting: Runtime, copy_of: Copy, since: Callable[..., str] | None
) -> None:
    """Nothing in a copy says whether it was used meanwhile, or ended as another mailbox got it."""
    with write(noting.staff) as session:
        number = made_account(session, noting)
        token = inviting.invite(session, people.get(session, number), "os:essai", now())
        asked = {"made_at": now(), "ends_at": now() + timedelta(days=1), "token": b"x"}
        session.add(Confirmation(account_id=number, **asked))
    copy = restored(noting, copy_of)
    if since is not None:
        with write(noting.staff) as session:
            since(session, people.get(session, number), "os:essai", now())
    again(copy)
    with read(copy.staff) as session:
        with pytest.raises(InvitationEnded):
            inviting.find_invitation(session, token, now())
        assert session.scalars(select(Confirmation.used_at)).one() is not None


def made_key(session: Session, account: UUID) -> UUID:
    key = Passkey(id=uuid4(), account_id=account, credential=uuid4().bytes)
    key.public_key = key.name = b"x"
    session.add(key)
    session.flush()
    return key.id


def made_account(session: Session, runtime: Runtime) -> UUID:
    given = {"mail": "camille@example.org", "name": "Camille Exemple", "by": "os:essai"}
    role = Role.CURATEUR
    return people.create(session, runtime.vault, role=role, territories=[], **given).id


def made_request(session: Session, runtime: Runtime) -> UUID:
    """One that its sender has confirmed."""
    given = {"name": "Camille", "mail": "c@example.org", "organisation": "X", "function": "Y"}
    asked = AccessAsked.model_validate({**given, "territory": "93"})
    requests.add(session, runtime.vault, asked, now())
    session.flush()
    row = session.scalars(select(AccessRequest)).one()
    row.confirmed_at = now()
    return row.id
