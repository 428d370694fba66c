"""What a registered embed is locked to stays as it is, whatever its address asks for."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.embeds.ids import RegisteredUnknown
from app.embeds.look import Look
from app.embeds.origins import OriginInvalid
from app.embeds.registered import (
    NARROWING,
    SHOWING,
    WHERE,
    Registered,
    RegisteredOutdated,
    narrowed,
    read_locked,
    read_registered,
)
from app.embeds.registration import EmbedInvalid, register
from app.embeds.stored import read_all, read_registration, reason_of, revoke
from app.errors import FilterUnknown, PlaceUnknown, RequestInvalid
from app.platform.database.engines import Databases
from app.platform.database.sessions import read_once, write
from app.runtime.staff import Runtime
from app.search.parameters import SEVERAL
from app.vault.sealing import Vault
from tests.embeds.samples import DRAFT, HERE, SITE

LOCKED = Registered(
    id="0" * 24,
    search="territoire=93&categorie=ase",
    look="",
    origins=(SITE,),
    name="Exemple",
    contact=None,
    logo=False,
    revoked=False,
)


def asked(**given: Any) -> dict[str, Any]:
    """Return all parameters of an address, as a form sends them."""
    several = dict.fromkeys(SEVERAL, ())
    return dict.fromkeys((*WHERE, *NARROWING, *SHOWING), "") | several | given


@pytest.mark.parametrize(
    "given",
    [
        {"territoire": "75"},
        {"dans": ("75", "59")},
        {"lieu": "75056", "rayon": "tout"},
        {"lieu": "nowhere"},
        {"categorie": ("crip", "pjj")},
        {"categorie": ("unknown",)},
    ],
)
def test_what_is_locked_is_not_asked_of_the_address(
    session: Session, given: dict[str, Any]
) -> None:
    assert narrowed(session, LOCKED, asked(**given)) == HERE.but(categorie=("ase",))


def test_what_is_not_locked_narrows(session: Session) -> None:
    search = narrowed(session, LOCKED, asked(public=("mineurs",), ouvert="24h", page="2", vue=""))
    assert search == HERE.but(categorie=("ase",), public=("mineurs",), ouvert=("24h",), page=2)


def test_a_locked_place_keeps_the_usual_radius(session: Session) -> None:
    around = replace(LOCKED, search="lieu=93066")
    search = narrowed(session, around, asked(rayon="100", lieu="69123"))
    assert (search.place and search.place.code, search.radius) == ("93066", 25)


def test_a_locked_distance_to_keep_is_not_made_smaller(session: Session) -> None:
    excluding = replace(LOCKED, search="territoire=93&loin=93066")
    assert narrowed(session, excluding, asked(ecart="5")).far_km == 25
    assert narrowed(session, LOCKED, asked(loin="93066", ecart="5")).far_km == 5


def test_hidden_filters_take_nothing_but_how_it_is_shown(session: Session) -> None:
    hidden = replace(LOCKED, look="filtres=non")
    given = asked(public=("mineurs",), q="x", age="12", tri="nom", vue="carte", fond="sans")
    search = narrowed(session, hidden, given)
    assert search == read_locked(session, LOCKED.search).but(
        order=search.order, view="carte", ground="sans"
    )
    assert search.order is not None


def test_a_wrong_filter_of_the_address_is_said_to_be_wrong(session: Session) -> None:
    with pytest.raises(FilterUnknown):
        narrowed(session, LOCKED, asked(public=("nobody",)))


@pytest.mark.parametrize(
    "changed",
    [{"search": "territoire=999"}, {"search": "categorie=abolished"}, {"look": "couleur=blue"}],
)
def test_a_lock_that_is_known_no_more_is_said_to_be_outdated(
    session: Session, changed: dict[str, Any]
) -> None:
    with pytest.raises(RegisteredOutdated):
        narrowed(session, replace(LOCKED, **changed), asked())


@pytest.mark.parametrize(
    "query",
    [
        *("page=2", "vue=carte", "liste=non", "x=1", "age=12&age=13", "ouvert", "&&", "categorie"),
        *("categorie=ase;public=parents", "fond=sans", "=1"),
    ],
)
def test_filters_to_lock_are_read_strictly(session: Session, query: str) -> None:
    with pytest.raises((RequestInvalid, FilterUnknown)):
        read_locked(session, query)


def test_a_place_to_lock_exists(session: Session) -> None:
    with pytest.raises(PlaceUnknown):
        read_locked(session, "lieu=99999")


def test_the_public_login_reads_what_was_registered(runtime: Runtime) -> None:
    search = HERE.but(categorie=("ase", "crip"))
    draft = replace(
        DRAFT,
        search=search,
        look=Look(filters=False, corner=0),
        origins=("HTTPS://Exemple.FR:443/", "https://exemple.fr", "https://exemple.fr:8443"),
        contact="carte@exemple.fr",
    )
    with write(runtime.staff) as session:
        embed_id = register(session, draft, "essai")
    with read_once(runtime.databases.public) as session:
        found = read_registered(session, embed_id)
        # In the order of the vocabulary, as every address is written.
        assert read_locked(session, found.search) == read_locked(
            session, "categorie=crip&categorie=ase&territoire=93"
        )
    assert found.origins == ("https://exemple.fr", "https://exemple.fr:8443")
    assert (found.look, found.contact, found.logo) == (
        "filtres=non&coins=0",
        "carte@exemple.fr",
        False,
    )
    assert len(embed_id) == 24
    assert not found.revoked


@pytest.mark.parametrize("embed_id", ["0" * 24, "0" * 16, "x", "", "0" * 23 + "\x00", "A" * 24])
def test_an_id_that_nobody_made_is_unknown(
    worker_databases: Databases, vault: Vault, embed_id: str
) -> None:
    with read_once(worker_databases.public) as session, pytest.raises(RegisteredUnknown):
        read_registered(session, embed_id)
    with write(worker_databases.staff) as session, pytest.raises(RegisteredUnknown):
        revoke(session, vault, embed_id, who="essai", why="essai")


def test_a_revocation_is_for_good_and_the_first_one_counts(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        embed_id = register(session, DRAFT, "essai")
        register(session, replace(DRAFT, name="Zélé"), "essai")
    with write(runtime.staff) as session:
        first, done = revoke(session, runtime.vault, embed_id, who="one", why="site fermé")
    with write(runtime.staff) as session:
        again, done_again = revoke(session, runtime.vault, embed_id, who="two", why="autre")
    assert (done, done_again) == (True, False)
    assert first == again
    assert first.revoked_by == "one"
    assert first.why
    assert "site fermé".encode() not in first.why
    assert reason_of(runtime.vault, again) == "site fermé"
    with read_once(runtime.databases.public) as session:
        assert read_registered(session, embed_id).revoked
    with Session(runtime.staff) as session:
        assert [each.name for each in read_all(session)] == ["Zélé", "Exemple"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE embed SET origins = '{https://exemple.org}'",
        "DELETE FROM embed",
        "DELETE FROM embed_revocation",
        "UPDATE embed_revocation SET who = 'x'",
    ],
)
def test_staff_change_nothing_that_was_registered(
    worker_databases: Databases, statement: str
) -> None:
    with worker_databases.staff.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text(statement))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": " \n "},
        {"name": "x" * 101},
        {"name": "Exemple\x1b[31m"},
        {"name": "Exemple\u202egro"},
        {"contact": ""},
        {"contact": "javascript:alert(1)"},
        {"contact": "http://exemple.fr"},
        {"contact": 'https://exemple.fr/"onclick=x'},
        {"contact": "https://exemple.fr@exemple.org"},
        {"contact": "a@exemple.fr?subject=x"},
        {"contact": "a@exemple.fr\nBcc: b@exemple.fr"},
        {"contact": "https://exemple.fr/" + "x" * 200},
        {"origins": ()},
        {"origins": tuple(f"https://{n}.exemple.fr" for n in range(21))},
    ],
)
def test_texts_that_a_page_or_a_header_could_not_carry_are_refused(
    session: Session, changed: dict[str, Any]
) -> None:
    with pytest.raises(EmbedInvalid):
        register(session, replace(DRAFT, **changed), "essai")


def test_one_wrong_origin_refuses_all(session: Session) -> None:
    with pytest.raises(OriginInvalid):
        register(session, replace(DRAFT, origins=(SITE, "https://*.exemple.fr")), "essai")


def test_a_name_keeps_its_signs(session: Session) -> None:
    name = "Département  de l’Aisne <02> & « Cie »"
    embed_id = register(session, replace(DRAFT, name=name), "essai")
    assert read_registration(session, embed_id).name == " ".join(name.split())
