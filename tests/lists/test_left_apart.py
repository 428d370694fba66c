"""Without what a person left out of it, a list is planned as if it were planned anew, whether that
is told from the plan of all its lines or not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any
from unittest.mock import patch
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.lists.decided import Decided
from app.lists.planning import Plan, plan
from app.lists.reading import digested, read_upload
from app.lists.uploads import receive
from app.models import Actor, ActorFingerprint
from app.platform.database.sessions import write
from app.records import acts, apart, lines
from app.records.edits import Edit
from app.records.lines import Incoming
from app.records.writing import Writer
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from geo.zones import paris_day
from importers.row import Where
from tests.short_lists import APART, CRIP, csv, ids, run, sent

WHY: dict[str, Any] = {"who": "essai", "why": "essai"}
TELLING = "app.lists.planning.without"
PHONE = "01 99 00 00 10"
HOME = f"Foyer fictif;MECS;10 rue Cachée;93000;Bobigny;{PHONE};"
SECOND = f"Pins;Association;2 rue B;93000;Bobigny;{PHONE};"
THIRD = f"Ormes;Association;3 rue C;93000;Bobigny;{PHONE};"


class TwoPlans:
    """Two plans of the same, and whether the first one was told."""

    def __init__(self, derived: Plan | None, anew: Plan) -> None:
        self.derived, self.anew = derived, anew

    def differs(self) -> list[str]:
        """Return what is not the same in both."""
        if self.derived is None:
            return []
        one, other = dict(parts(self.derived)), dict(parts(self.anew))
        return [name for name in one if one[name] != other[name]]


def parts(planned: Plan) -> Iterator[tuple[str, Any]]:
    """Yield all that a plan says."""
    for each in fields(Plan):
        if each.name not in ("lines", "decided", "tied"):
            yield each.name, getattr(planned, each.name)
    changes = planned.lines.changes
    yield "left", planned.left
    yield "edits", [_said(edit) for edit in changes.edits.values()]
    yield "neighbours", sorted(map(repr, map(_said, changes.neighbours.values())))
    yield "quoted", {actor: changes.quoted.get(actor) for actor in changes.edits}
    for each in fields(planned.lines):
        if each.name == "namesakes":
            named = planned.lines.namesakes
            yield each.name, {actor: home.actor_id for actor, home in named.items()}
        elif each.name != "changes":
            yield each.name, getattr(planned.lines, each.name)


def _said(edit: Edit) -> Mapping[str, Any]:
    # In another order they are the same causes, and marks.
    found = {each.name: getattr(edit, each.name) for each in fields(Edit)}
    sets = {name: sorted(map(repr, found[name])) for name in ("causes", "former_causes")}
    return found | sets | {"former_marks": sorted(edit.former_marks)}


def _create(line: Incoming, *given: Any, **named: Any) -> Edit:
    edit = _as_ever(line, *given, **named)
    # The same in each plan.
    if line.actor is None:
        edit.actor_id = uuid5(NAMESPACE_URL, repr(line.row.where))
    return edit


_as_ever = lines._edit


class Trial:
    """A list that is planned in a transaction which writes nothing."""

    def __init__(self, runtime: Runtime, session: Session, data: bytes, source: str) -> None:
        self.session = session
        upload = sent(data, source=source)
        gazetteer = cached_gazetteer(session.connection())
        key = index_key(session, runtime.vault)
        received = receive(session, runtime.vault, upload, "93")
        result = read_upload(upload, runtime.settings, gazetteer, "93", None)
        self.reading = digested(upload, received, result, key)
        self.writer = Writer(session, runtime.vault, key, gazetteer, twice=True)
        self.whole = self.plan()

    def plan(self, *given: Any) -> Plan:
        with patch.object(lines, "_edit", _create):
            return plan(self.session, self.writer, self.reading, *given)

    def without(self, *left: int, **also: Any) -> TwoPlans:
        """Plan it without some lines: as it is told, if it is, and anew."""
        where = [each.row.where for each in self.whole.reading.lines]
        decided = Decided(left=frozenset(each for each in where if each.line in left), **also)
        derived: list[Any] = []

        def noting(*given: Any) -> Any:
            derived.append(apart.without(*given))
            return derived[-1]

        with patch(TELLING, noting):
            one = self.plan(decided, self.whole)
        with patch(TELLING, lambda *_: None):
            anew = self.plan(decided, self.whole)
        return TwoPlans(one if derived and derived[0] is not None else None, anew)


def without(runtime: Runtime, left: int, *given: str, source: str = "liste") -> TwoPlans:
    with Session(runtime.staff) as session:
        return Trial(runtime, session, csv(*given), source).without(left)


def lines_of(planned: Plan) -> dict[str, str | None]:
    """Return how much is hidden of whoever is written, by their name."""
    changes = planned.changes
    every = [*changes.edits.values(), *changes.neighbours.values()]
    return {edit.record.name: edit.level for edit in every}


def test_who_shares_nothing_with_a_home_is_told(runtime: Runtime) -> None:
    known = APART.replace("99 rue", "98 rue").replace("libre", "connue")
    run(runtime, csv(HOME, SECOND, known))
    moved = known.replace("98 rue", "97 rue").replace("00 99", "00 98")
    for left in (4, 5):
        found = without(runtime, left, HOME, SECOND, moved, APART)
        assert found.derived is not None
        assert found.differs() == []
        assert len(found.derived.changes.edits) == 1


def test_who_makes_a_phone_an_organisation_s_is_not_told(runtime: Runtime) -> None:
    found = without(runtime, 4, HOME, SECOND, THIRD)
    assert lines_of(found.anew)["Pins"] == "held"
    assert found.derived is None


def test_who_stays_as_an_organisation_s_third_place_is_not_told(runtime: Runtime) -> None:
    run(runtime, csv(THIRD))
    elsewhere = THIRD.replace(PHONE, "01 99 00 00 77")
    found = without(runtime, 4, HOME, SECOND, elsewhere)
    assert lines_of(found.anew)["Pins"] is None
    assert found.derived is None


def test_who_leaves_a_home_its_phone_is_not_told(runtime: Runtime) -> None:
    run(runtime, csv(HOME, SECOND), source="autre")
    run(runtime, csv(THIRD, APART))
    with write(runtime.staff) as session:
        # As if a former release had written it.
        third = select(Actor.id).where(Actor.name == "Ormes").scalar_subquery()
        its = (ActorFingerprint.actor_id == third, ActorFingerprint.kind == "phone")
        session.execute(delete(ActorFingerprint).where(*its))
    elsewhere = THIRD.replace(PHONE, "01 99 00 00 77")
    found = without(runtime, 2, elsewhere, APART.replace("00 99", "00 98"))
    assert lines_of(found.anew) == {"Association libre": None}
    assert found.derived is None


def test_a_home_that_a_person_published_is_not_told(runtime: Runtime) -> None:
    home = "Les Lilas;MECS;1 rue A;93000;Bobigny;;"
    run(runtime, csv(home, APART))
    with write(runtime.staff) as session:
        public = session.scalars(select(Actor.public_id).where(Actor.protected)).one()
        acts.unprotect(session, runtime.vault, public, consent=paris_day(), **WHY)
    new = "Les Lilas;Association;5 rue D;93000;Bobigny;01 99 00 00 41;"
    found = without(runtime, 2, f"{home}lilas@example.org", new)
    assert found.derived is None
    assert len(found.anew.changes.edits) == 1


def test_who_has_another_line_that_stays_is_not_told(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    nameless = APART.replace("99 rue Autre", "").replace("00 99", "00 97")
    with Session(runtime.staff) as session:
        trial = Trial(runtime, session, csv(APART.replace("00 99", "00 98"), nameless), "liste")
        known = session.scalars(select(Actor.id).where(Actor.name == "Association libre")).one()
        same = {Where(None, 3): known}
        trial.whole = trial.plan(Decided(same=same))
        assert set(trial.whole.actors.values()) == {known}
        found = trial.without(2, same=same)
    assert found.derived is None
    assert len(found.anew.changes.edits) == 1


def test_who_has_the_proper_name_of_a_new_home_is_not_told(runtime: Runtime) -> None:
    known = "Association Les Embruns;Association;99 rue Autre;93300;Aubervilliers;01 99 00 00 99;"
    run(runtime, csv(known))
    home = "MECS Les Embruns;MECS;8 rue D;93300;Aubervilliers;01 99 00 00 41;"
    found = without(runtime, 3, home, known.replace("00 99", "00 98"))
    assert lines_of(found.anew)["Association Les Embruns"] is not None
    assert found.derived is None


@pytest.mark.slow
def test_who_was_a_home_beside_somebody_is_not_told(runtime: Runtime) -> None:
    pins = "Foyer des Pins;Association;2 rue B;93000;Bobigny;01 99 00 00 12;"
    run(runtime, csv("Permanence;Association;10 rue Cachée;93000;Bobigny;01 99 00 00 12;"), "1.csv")
    run(runtime, csv(HOME, pins), source="liste")
    with write(runtime.staff) as session:
        its = select(Actor.public_id).where(Actor.protected, Actor.phones == [])
        for public in session.scalars(its).all():
            _, edit = acts.find(session, runtime.vault, public)
            if edit.record.name == "Foyer des Pins":
                acts.unprotect(session, runtime.vault, public, consent=paris_day(), **WHY)
    found = without(runtime, 3, f"{HOME}foyer@example.org", f"{pins}pins@example.org")
    assert found.derived is None


def test_what_else_a_person_decided_is_planned(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, APART))
    with Session(runtime.staff) as session:
        trial = Trial(runtime, session, csv(CRIP, APART.replace("00 99", "00 98")), "liste")
        assert trial.without(3).derived is not None
        known = session.scalars(select(Actor.id).where(Actor.name == "CRIP d'exemple")).one()
        for also in ({"chosen": {Where(None, 2): "line"}}, {"archived": frozenset({known})}):
            assert trial.without(3, **also).derived is None
        with patch("app.lists.planning.closed_by", lambda *_: {known}):
            trial.whole = trial.plan()
        assert trial.without(3).derived is None


STREETS = ("1 rue Une", "2 rue Autre", "3 rue Tierce", "")
MADE = st.tuples(
    st.sampled_from(["Lilas", "Pins", "Ormes", "Foyer des Pins", "Lilas Nord", "Sapins"]),
    st.sampled_from(["Association", "Association", "ASE", "MECS", "quelque chose"]),
    st.sampled_from(STREETS),
    st.sampled_from(["", "01 99 00 00 10", "01 99 00 00 11", "01 99 00 00 12"]),
    st.sampled_from(["", "un@example.org", "deux@example.org"]),
    st.sampled_from(["", "", "Appelez le 01 99 00 00 10.", "Au 1 rue Une", "hébergement"]),
)
TITLES = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel;Description"
FAR = [f"Loin {n};Association;{n} rue Loin;93300;Aubervilliers;;l{n}@example.org;" for n in (1, 2)]
LIST = st.lists(MADE, min_size=1, max_size=6)


def table(made: list[tuple[str, ...]], said: str = "") -> bytes:
    rows = [
        f"{name};{category};{street};93300;Aubervilliers;{phone};{mail};{text}"
        for name, category, street, phone, mail, text in made
    ]
    return "\r\n".join((TITLES, *rows, *(each + said for each in FAR))).encode("cp1252")


def differences(runtime: Runtime, first: Any, second: Any, judged: int) -> tuple[int, int]:
    """Look at each line of a list left out; return how many are told, and of how many."""
    for number, each in enumerate(first):
        run(runtime, table(each), source=f"liste {number}")
    names = sorted(ids(runtime).items())
    if judged and names:
        _, public = names[judged % len(names)]
        with write(runtime.staff) as session:
            acts.protect(session, runtime.vault, public, **WHY)
    with Session(runtime.staff) as session:
        trial = Trial(runtime, session, table(second, "Nouveaux locaux."), "liste 0")
        count = len(second) + len(FAR)
        found = [trial.without(number + 2) for number in range(count)]
        found.append(trial.without(count, count + 1))
    assert [each.differs() for each in found] == [[]] * len(found)
    return sum(each.derived is not None for each in found), len(found)


@pytest.mark.slow
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(first=st.lists(LIST, min_size=1, max_size=2), second=LIST, judged=st.integers(0, 8))
def test_whatever_is_left_out_nothing_else_is_planned(
    runtime: Runtime, first: Any, second: Any, judged: int
) -> None:
    differences(runtime, first, second, judged)
