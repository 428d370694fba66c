"""An edition is written so that nothing that a home shares is public before the home is known."""

from array import array
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.registers.ordering import Borne, written_together
from app.registers.updating import Part, Update
from app.runtime.staff import Runtime
from tests.registers.test_share import LYON
from tests.registers.test_updating import FINESS, HOME, HOSPITAL, edition, public

TILLEULS = "Centre des Tilleuls"
SERVICE = (
    HOSPITAL | LYON | {"n° FINESS": "690000500", "nom": TILLEULS, "téléphone": HOME["téléphone"]}
)


def order(**borne: tuple[set[int], set[int]]) -> list[list[str]]:
    """Territories of each transaction; borne: what homes of one bear, and others of it."""
    given = {
        territory: Borne(frozenset(homes), array("q", others))
        for territory, (homes, others) in borne.items()
    }
    return list(written_together(given))


def test_a_territory_waits_for_those_whose_homes_share_something_with_it() -> None:
    assert order(a=(set(), {1}), b=({1}, set()), c=(set(), {2})) == [["b"], ["a"], ["c"]]
    assert order(a=(set(), {1}), b=({1}, {2}), c=({2}, set())) == [["c"], ["b"], ["a"]]


def test_territories_that_wait_for_one_another_are_written_at_once() -> None:
    assert order(a=({1}, {2}), b=({2}, {1}), c=(set(), {1})) == [["a", "b"], ["c"]]


def test_a_territory_does_not_wait_for_itself() -> None:
    assert order(b=({1}, {1}), a=(set(), set())) == [["b"], ["a"]]


class Cut(Exception):
    """The machine stops."""


def cut_after(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Let an update stop once so many territories were written."""
    write = Update._apply
    written: list[str] = []

    def until(self: Update, session: Session, part: Part) -> Any:
        if len(written) == most:
            raise Cut
        written.append(part.territory)
        return write(self, session, part)

    monkeypatch.setattr(Update, "_apply", until)


@pytest.mark.slow
@pytest.mark.parametrize("most", [0, 1])
def test_what_a_home_elsewhere_shares_is_public_at_no_moment(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Lyon comes before Seine-Saint-Denis, where the home is."""
    work = Update(
        runtime.staff, runtime.vault, runtime.settings, FINESS, edition(SERVICE, HOME), "essai"
    )
    parts = work.plan()
    cut_after(monkeypatch, most)
    with pytest.raises(Cut):
        work.apply(parts)
    assert all("+33199000010" not in phones for _, _, phones, _ in public(runtime))
    monkeypatch.undo()
    again = Update(
        runtime.staff, runtime.vault, runtime.settings, FINESS, edition(SERVICE, HOME), "essai"
    )
    again.apply(again.plan())
    assert [phones for name, _, phones, _ in public(runtime) if name == TILLEULS] == [[]]
