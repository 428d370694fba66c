"""Who bears the whole name of a home waits for a person, and meanwhile guards what the home would.

With another order of lists it would have been one with the home.
"""

from itertools import permutations

import pytest
from sqlalchemy import text

from app.platform.database.sessions import write
from app.records.joining import part
from app.records.proposals import waiting
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.lists.test_same_actor import Line, line, table
from tests.short_lists import counts, run

pytestmark = pytest.mark.slow

HOME = line("Les Embruns", "9 rue Dune", Catégorie="MECS", Téléphone="01 99 00 00 10")
ONE = line("Les Embruns", "1 rue Haute", Téléphone="01 99 00 00 01")
OTHER = line("Les Embruns", "5 place du Port", Téléphone="01 99 00 00 02")
AT_ONE = line("Antenne", "1 rue Haute")
WITH_OTHER = line("Permanence", "7 rue Tierce", Téléphone="01 99 00 00 02")
Public = tuple[str | None, str | None, list[str]]
NEUTRAL: Public = (None, None, [])
GUARDED: list[Public] = [("Antenne", None, []), ("Permanence", None, []), NEUTRAL]


def public(runtime: Runtime) -> list[Public]:
    """Return name, address and phones of what a visitor may read; of a neutral record no name.

    Its family is that of the last category.
    """
    name = "CASE WHEN NOT protected THEN name END"
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text(f"SELECT {name}, address, phones FROM actor ORDER BY 1, 2"))
        return [(row[0], row[1], row[2]) for row in rows]


@pytest.mark.parametrize(
    "lists",
    [
        *permutations(((HOME,), (ONE, AT_ONE), (OTHER, WITH_OTHER))),
        *permutations(((HOME, ONE, AT_ONE), (OTHER, WITH_OTHER))),
    ],
)
def test_what_namesakes_of_a_home_share_is_hidden_in_any_order(
    runtime: Runtime, lists: tuple[tuple[Line, ...], ...]
) -> None:
    for number, lines in enumerate(lists):
        run(runtime, table(*lines), source=f"liste {number}")
    assert public(runtime) == GUARDED
    for number, lines in enumerate(lists):
        again = counts(run(runtime, table(*lines), source=f"liste {number}"))
        assert again["unchanged"] == len(lines)
    assert public(runtime) == GUARDED


def test_a_home_of_few_letters_hides_its_namesakes_that_came_before(runtime: Runtime) -> None:
    for number, each in enumerate((ONE, OTHER, HOME)):
        run(runtime, table(each | {"Nom": "SOS"}), source=f"liste {number}")
    assert public(runtime) == [NEUTRAL]


def test_a_phone_counts_once_for_a_home_and_who_waits_with_its_name(runtime: Runtime) -> None:
    giving = {"Téléphone": HOME["Téléphone"]}
    beside = line("Permanence", "7 rue Tierce", **giving)
    for number, each in enumerate((ONE | giving, OTHER, HOME, beside)):
        run(runtime, table(each), source=f"liste {number}")
    assert public(runtime) == [("Permanence", None, []), NEUTRAL]


@pytest.mark.parametrize("home_first", [True, False])
def test_who_is_hidden_for_another_reason_guards_as_well(
    runtime: Runtime, *, home_first: bool
) -> None:
    refused = {"Accord de publication": "non"}
    lists = [(ONE | refused, OTHER | refused, AT_ONE), (HOME,)]
    for number, lines in enumerate(reversed(lists) if home_first else lists):
        run(runtime, table(*lines), source=f"liste {number}")
    assert public(runtime) == [("Antenne", None, []), NEUTRAL]


def test_who_is_found_to_be_one_of_two_homes_no_more_may_be_the_other(runtime: Runtime) -> None:
    second = line("Les Embruns", "20 rue Loin", Catégorie="MECS", Téléphone="01 99 00 00 20")
    for number, lines in enumerate(((ONE, AT_ONE), (OTHER,), (HOME,), (second,))):
        run(runtime, table(*lines), source=f"liste {number}")
    _part(runtime, "9 rue Dune")
    run(runtime, table(line("Nouvelle", "1 rue Haute")), source="autre")
    guarded = [("Antenne", None, []), ("Nouvelle", None, []), NEUTRAL, NEUTRAL]
    assert public(runtime) == guarded
    _part(runtime, "20 rue Loin")
    open_ones = public(runtime)
    assert [each for each in open_ones if each[0] == "Les Embruns"]
    # What a person judged stays judged, whatever the second one's list says next.
    more = second | {"Courriel": "contact@example.org"}
    run(runtime, table(more), source="liste 3")
    assert public(runtime) == open_ones


def _part(runtime: Runtime, street: str) -> None:
    """Say of all that wait that they are not the one of an address."""
    with write(runtime.staff) as session:
        for each in waiting(session, runtime.vault, OPERATOR):
            if each.other and each.other.street == street:
                part(session, runtime.vault, each.id, who="essai")


def test_who_is_found_to_be_no_home_guards_nobody_who_comes_later(runtime: Runtime) -> None:
    for number, lines in enumerate(((ONE, AT_ONE), (OTHER,), (HOME,))):
        run(runtime, table(*lines), source=f"liste {number}")
    with write(runtime.staff) as session:
        for each in waiting(session, runtime.vault, OPERATOR):
            part(session, runtime.vault, each.id, who="essai")
    run(runtime, table(line("Nouvelle", "1 rue Haute")), source="autre")
    address = "1 rue Haute\n93000 Bobigny"
    # Who was hidden stays so until a person decides of it.
    assert public(runtime) == [
        ("Antenne", None, []),
        ("Les Embruns", address, ["+33199000001"]),
        ("Les Embruns", "5 place du Port\n93000 Bobigny", ["+33199000002"]),
        ("Nouvelle", address, []),
        NEUTRAL,
    ]
