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
