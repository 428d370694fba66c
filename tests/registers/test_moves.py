"""What a register moves, loses, or says of two in two territories."""

import io
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.gazetteer.load import read_gazetteer
from app.models import Actor
from app.platform.database.sessions import read
from app.records.edits import close
from app.records.record import Origin
from app.records.writing import Writer
from app.runtime.staff import Runtime
from geo.gazetteer import Gazetteer
from importers.registers.errors import RegisterError
from importers.registers.reading import read_register
from tests.registers import test_protected
from tests.registers.test_updating import DAY, FINESS, HOME, HOSPITAL, public, update
from tests.short_lists import csv, run

pytestmark = pytest.mark.slow

LYON = {
    "territory": "69M",
    "code commune": "69383",
    "code postal": "69003",
    "commune": "Lyon",
    "adresse": "7 rue d’Ailleurs",
}
OTHER = HOSPITAL | {"n° FINESS": "930000600", "nom": "CMP d’exemple", "adresse": "5 rue Autre"}


@pytest.mark.parametrize("forth", [True, False])
def test_who_moves_to_another_territory_is_there(runtime: Runtime, forth: bool) -> None:
    places = [HOSPITAL, HOSPITAL | LYON]
    before, after = places if forth else places[::-1]
    update(runtime, before)
    update(runtime, after)
    ((_, address, _, _),) = public(runtime)
    assert after["adresse"] in str(address)


def test_one_siret_in_two_territories_is_two_establishments(runtime: Runtime) -> None:
    siret = {"siret": "13000184500010"}
    lyon = LYON | {"n° FINESS": "690000484", "nom": "Hôpital de Lyon"}
    update(runtime, HOSPITAL | siret, HOSPITAL | lyon | siret)
    assert len(public(runtime)) == 2


@pytest.mark.parametrize("shared", ["adresse", "téléphone", "longitude"])
@pytest.mark.parametrize("who", ["finess", "annuaire", "list"])
def test_a_home_that_a_register_names_no_more_is_still_given_away_by_nobody(
    runtime: Runtime, who: str, shared: str
) -> None:
    home = HOME | {"longitude": "2.44512", "latitude": "48.90721"}
    update(runtime, home, OTHER)
    update(runtime, OTHER)
    said = test_protected.OTHER_PLACE | {"nom": "Centre neuf", shared: home[shared]}
    if shared == "longitude":
        said["latitude"] = home["latitude"]
    if who == "finess":
        update(runtime, OTHER, HOSPITAL | {"n° FINESS": "930000700"} | said)
    elif who == "annuaire":
        test_protected.name_it(runtime, "annuaire", **said)
    else:
        line = f"Centre neuf;Santé;{said['adresse']};93000;Bobigny;{said['téléphone']};"
        run(runtime, csv(line))
    seen = test_protected.public(runtime)
    for secret in ("cachee", "199000010", "2 44512"):
        assert secret not in seen


def test_the_place_that_a_home_left_is_guarded_as_long_as_something_says_it(
    runtime: Runtime,
) -> None:
    home = "MECS d’exemple;MECS;{};93000;Bobigny;01 99 00 00 10;"
    there, elsewhere = (home.format(street) for street in ("10 rue Cachée", "4 rue Neuve"))
    run(runtime, csv(there, "Voisine;Association;10 rue Cachée;93000;Bobigny;;"), source="a")
    update(runtime, HOME)
    run(runtime, csv(elsewhere), source="a")
    run(runtime, csv("Nouvelle;Association;10 rue Cachée;93000;Bobigny;;"), source="b")
    assert "Cachée" not in str(public(runtime))
    update(runtime, HOME | {"adresse": "4 rue Neuve"})
    run(runtime, csv("Dernière;Association;10 rue Cachée;93000;Bobigny;;"), source="c")
    addresses = {name: address for name, address, _, _ in public(runtime)}
    assert (addresses["Voisine"], addresses["Nouvelle"]) == (None, None)
    assert "10 rue Cachée" in str(addresses["Dernière"])


def test_who_is_named_neither_by_a_register_nor_by_a_list_is_closed_in_either_order(
    runtime: Runtime,
) -> None:
    listed = csv("Hôpital d’exemple;Santé;1 rue de l’Exemple;93000;Bobigny;;")
    listed = b"FINESS;" + listed.replace(b"\r\n", b"\r\n930000484;")
    other = csv("Autre;Association;9 rue Autre;93000;Bobigny;;")
    for register_first in (True, False):
        update(runtime, HOSPITAL, OTHER)
        run(runtime, listed)
        assert "Hôpital d’exemple" in {each[0] for each in public(runtime)}
        for step in (0, 1) if register_first else (1, 0):
            if step:
                run(runtime, other)
            else:
                update(runtime, OTHER)
        assert "Hôpital d’exemple" not in {each[0] for each in public(runtime)}
    # Either of them opens it again.
    run(runtime, listed)
    assert "Hôpital d’exemple" in {each[0] for each in public(runtime)}
    run(runtime, other)
    update(runtime, HOSPITAL, OTHER)
    assert "Hôpital d’exemple" in {each[0] for each in public(runtime)}


def test_whom_a_person_opened_no_absence_closes(runtime: Runtime) -> None:
    update(runtime, HOSPITAL, OTHER)
    with read(runtime.staff) as session:
        writer = Writer(session, runtime.vault, b"key", read_gazetteer(session.connection()))
        edit, _ = writer.stored(session.scalars(select(Actor.id))).values()
    edit.change("status", "published", Origin(source="staff", day=DAY, rank=100))
    close(edit, Origin(source=uuid4(), day=DAY, rank=FINESS.rank))
    assert edit.record.status == "published"


@pytest.mark.parametrize("code", ["finess", "annuaire"])
def test_a_number_without_an_end_is_a_sentence(code: str) -> None:
    start = {
        "finess": b'{"schemaVersion": "v1.0.0", "generatedAt": "2026-10-06", "pmej": [{"ege": [',
        "annuaire": b'{"service": [',
    }
    data = start[code] + b'{"id": "a", "pivot": [], "x": ' + b"9" * 5_000 + b"}]}"
    with pytest.raises(RegisterError, match=r"a\.json"):
        read_register(code, io.BytesIO(data), "a.json", Gazetteer([], [], []))
