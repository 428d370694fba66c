"""What is compared grows with the lines of a list, wherever they are and whatever they share."""

import pytest

from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from tests.lists.finding import found_in
from tests.short_lists import run

LINES = 300
# Of each line, with stored actors: by its marks, and by its name.
MOST_OF_A_LINE = 25
WORDS = ("cèdre", "phare", "moulin", "relais", "tremplin", "garance", "escale", "horizon", "vigie")
TOWNS = ("93000;Bobigny", "93700;Drancy", "93200;Saint-Denis", "93100;Montreuil", "93220;Gagny")


def listed(where: str, *, second: bool) -> bytes:
    """Return a list of many lines; second: as another one writes them."""
    lines = ["Nom;Catégorie;Adresse;Code postal;Commune;Téléphone"]
    for number in range(LINES):
        first, other = WORDS[number % 9], WORDS[number // 9 % 9]
        name, phone = f"Association {first} {other} {number}", f"01 99 00 {number:04}"
        town = TOWNS[number % 5] if where == "spread" else TOWNS[0]
        if where == "nowhere":
            town = ";"
        if where == "one name and phone":
            name, phone = f"Antenne {number % 3}", "01 99 00 00 00"
        name = name.replace("A", "L'a") if second else name
        lines.append(f"{name};Association;{number + 1} rue Haute;{town};{phone}")
    return "\n".join(lines).encode()


@pytest.mark.parametrize("where", ["spread", "one commune", "nowhere", "one name and phone"])
def test_a_line_is_compared_with_few_actors(runtime: Runtime, where: str) -> None:
    run(runtime, listed(where, second=False))
    with read(runtime.staff) as session:
        reading, found = found_in(session, runtime, listed(where, second=True), "autre.csv", "93")
    assert len(reading.lines) == LINES
    assert found.compared <= MOST_OF_A_LINE * LINES
    assert found.doubts
