"""In whatever order registers, a list and its next edition come, the public record is the same."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from app.platform.cluster.server import Cluster
from app.records.neighbours import PLACES_OF_AN_ORGANISATION
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from geo.text import fold
from tests.databases import cloned
from tests.registers.test_protected import HEADER, name_it
from tests.registers.test_updating import HOME, HOSPITAL, update
from tests.serving import offline_settings
from tests.short_lists import run

Row = tuple[Any, ...]
ORDERS = list(permutations(("finess", "annuaire", "list")))
# With the next edition of the list, somewhere behind it.
LONGER = [
    (*order[:place], "next", *order[place:])
    for order in ORDERS
    for place in range(order.index("list") + 1, len(order) + 1)
]
ADDRESSES = ("1 rue de l’Exemple", "10 rue Cachée", "10, R. CACHEE", "7 rue Tierce")
SAME = {"10, R. CACHEE": "10 rue Cachée"}
PHONES = ("", "01 99 00 00 01", "01 99 00 00 10", "01 99 00 00 77")
NAMES = (
    *("Service d’exemple", "Association Les Quatre Vents", "Les Quatre Vents", "MECS d’exemple"),
    "Service d'AEMO des Quatre Vents",
)
# Homes by their names, and who waits for a person to say whether it is one.
MAY_BE_HOMES = {"Les Quatre Vents", "Association Les Quatre Vents", "MECS d’exemple"}
# The family in a neutral name is that of the last category.
COLUMNS = (
    "CASE WHEN NOT protected OR name !~ '^(Lieu|Service) d.acc' THEN name END,"
    " CASE WHEN NOT protected THEN category END,"
    " status, protected, address, commune_code, phones, email, website, opening_hours, register,"
    " ST_AsText(point)"
)
SERVICE = {"identifiant": "un-service", "catégorie": "association"}
said = st.fixed_dictionaries(
    {
        "nom": st.sampled_from(NAMES),
        "adresse": st.sampled_from(ADDRESSES),
        "téléphone": st.sampled_from(PHONES),
    }
)


@pytest.fixture
def world(
    cluster: Cluster, admin: Connection, lean_template: str, vault: Vault, tmp_path: Path
) -> Callable[[], AbstractContextManager[Runtime]]:
    """Make empty worlds, each on a clone of its own."""

    @contextmanager
    def make() -> Iterator[Runtime]:
        with cloned(cluster, admin, lean_template) as databases:
            owner = cluster.url(cluster.superuser, databases.staff.url.database or "")
            yield Runtime(offline_settings(tmp_path), databases, vault, owner, None)

    return make


def public(runtime: Runtime) -> list[Row]:
    """What a visitor may read of actors, without what is drawn for each."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text(f"SELECT {COLUMNS} FROM actor"))
        return sorted(map(tuple, rows), key=str)


def homes_own(said: Iterable[dict[str, str]]) -> tuple[set[str], set[str]]:
    """Return the phones of a home that fewer than three addresses give, and those that three do.

    The last are an organisation's, which hide nobody who comes from then on; who was hidden before
    stays so until a person decides.
    """
    places: dict[str, set[str]] = defaultdict(set)
    homes = {HOME["téléphone"]}
    for each in said:
        places[each["téléphone"]].add(SAME.get(each["adresse"], each["adresse"]))
        if each["nom"] in MAY_BE_HOMES:
            homes.add(each["téléphone"])
    shared = {phone for phone in homes if len(places[phone]) >= PLACES_OF_AN_ORGANISATION}
    return homes - shared - {""}, shared - {""}


def same_but_for(one: Sequence[Row], other: Sequence[Row], names: Collection[str]) -> bool:
    """Return whether two orders publish the same; of these names one may hide what another says."""
    apart = [
        sorted((row for row in rows if fold(row[0] or "") in names), key=str)
        for rows in (one, other)
    ]
    rest = [[row for row in rows if fold(row[0] or "") not in names] for rows in (one, other)]
    if rest[0] != rest[1] or len(apart[0]) != len(apart[1]):
        return False
    pairs = [pair for rows in zip(*apart, strict=True) for pair in zip(*rows, strict=True)]
    return all(a == b or not (a and b) for a, b in pairs)


def says(name: str, address: str, phone: str = "") -> dict[str, str]:
    return {"nom": name, "adresse": address, "téléphone": phone}


@pytest.mark.slow
# The list names its home and another one alike, as the directory does at the hospital's door.
@example(
    orders=[("finess", "annuaire", "list", "next"), ("finess", "list", "annuaire", "next")],
    hospital=says("", "7 rue Tierce"),
    service=says("Les Quatre Vents", "7 rue Tierce"),
    listed=[says("Les Quatre Vents", "1 rue de l’Exemple")],
    home_is_of="list",
)
# Two lists name two as a register names a home that comes after them.
@example(
    orders=[("annuaire", "list", "next", "finess"), ("finess", "annuaire", "list", "next")],
    hospital=says("", "7 rue Tierce"),
    service=says("Les Quatre Vents", "7 rue Tierce"),
    listed=[says("Les Quatre Vents", "1 rue de l’Exemple")],
    home_is_of="finess",
)
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    orders=st.lists(st.sampled_from(LONGER), min_size=2, max_size=2, unique=True),
    hospital=said,
    service=said,
    listed=st.lists(said, min_size=1, max_size=2, unique_by=lambda each: each["nom"]),
    home_is_of=st.sampled_from(("finess", "list", "both")),
)
def test_the_public_record_is_the_same_in_any_order(
    world: Callable[[], AbstractContextManager[Runtime]],
    orders: Sequence[Sequence[str]],
    hospital: dict[str, str],
    service: dict[str, str],
    listed: list[dict[str, str]],
    home_is_of: str,
) -> None:
    finess = [HOSPITAL | hospital | {"nom": "Hôpital d’exemple"}]
    if home_is_of in ("finess", "both"):
        finess.append(HOME | {"nom": "Les Quatre Vents"})
    seen = []
    for order in orders:
        with world() as runtime:
            for step in order:
                if step == "finess":
                    update(runtime, *finess)
                elif step == "annuaire":
                    name_it(runtime, "annuaire", **SERVICE | service)
                else:
                    run(runtime, table(listed, home=home_is_of != "finess", mails=step == "next"))
            seen.append(public(runtime))
    given = (hospital | {"nom": "Hôpital d’exemple"}, service, *listed)
    own, shared = homes_own((HOME, *given))
    giving = {fold(each["nom"]) for each in given if each["téléphone"] in shared}
    assert same_but_for(seen[0], seen[1], giving), (seen, giving)
    secrets = ["cachee", *(["99000010"] if HOME["téléphone"] in own else [])]
    rows = [fold(str(row)) for several in seen for row in several]
    assert not [row for row in rows if any(secret in row for secret in secrets)]


def table(listed: Iterable[dict[str, str]], *, home: bool, mails: bool) -> bytes:
    """Return an edition of the list; mails: the next one, whose lines say one more thing."""
    lines = [f"{HEADER};Courriel"]
    for number, each in enumerate(listed):
        lines.append(line(each) + (f";contact-{number}@example.org" if mails else ";"))
    if home:
        lines.append(
            "930000492;Les Quatre Vents;MECS;10 rue Cachée;93000;Bobigny;01 99 00 00 10;;;"
        )
    return "\r\n".join(lines).encode("cp1252")


def line(each: dict[str, str]) -> str:
    return f";{each['nom']};Association;{each['adresse']};93000;Bobigny;{each['téléphone']};;"
