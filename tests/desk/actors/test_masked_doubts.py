"""Doubts set aside for several hidden actors, and several protected: nothing becomes public."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.models import AuditEntry
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.causes import Cause
from tests.desk.actors.conftest import Desk
from tests.desk.actors.masked import BESIDE, DOUBTFUL, PAGE, SAYS, described, do, seen, shown, whys
from tests.desk.actors.test_many import said, taken_back
from tests.short_lists import run


@pytest.mark.slow
def test_a_doubt_is_set_aside_only_where_something_else_hides_as_much(desk: Desk) -> None:
    run(desk.runtime, described(DOUBTFUL.format(SAYS), BESIDE.format(SAYS)), source="doutes")
    browser, ids = desk.signed_in(), desk.ids()
    names = ("Association en doute", "Association double doute", "Association voisine")
    assert whys(desk, names[0]) == {"mention"}
    assert whys(desk, names[1]) == {"mention", "beside"}
    answer = do(browser, "ecarter", [ids[each] for each in names])
    text = said(browser, answer)
    assert text.startswith("1 doute écarté, ")
    assert "1 refusé (caché par ce seul doute" in text
    assert "1 refusé (sans doute à écarter)" in text
    assert (seen(desk, names[0]).level, whys(desk, names[0])) == ("held", {"mention"})
    assert (seen(desk, names[1]).level, whys(desk, names[1])) == ("held", {"beside"})
    # The same list and a newer one say it again.
    run(desk.runtime, described(DOUBTFUL.format(SAYS), BESIDE.format(SAYS)), source="doutes")
    newer = BESIDE.replace(";;{}", ";ecrire@example.org;{}").format(SAYS)
    run(desk.runtime, described(DOUBTFUL.format(SAYS), newer), source="doutes")
    assert whys(desk, names[1]) == {"beside"}
    # Whoever lifts its protection later reads that somebody had a doubt.
    assert "(écarté le" in browser.get(f"{PAGE}?decide=tous").text
    assert "1 refusé (changé depuis)" in taken_back(browser, answer)


def test_a_doubt_that_was_set_aside_comes_back_where_that_is_taken_back(desk: Desk) -> None:
    name = "Association à revoir"
    line = BESIDE.replace("Association double doute", name).replace("00 52", "00 55")
    run(desk.runtime, described(line.format(SAYS)), source="à revoir")
    browser, before = desk.signed_in(), seen(desk, name)
    answer = do(browser, "ecarter", [before.public_id])
    assert said(browser, answer) == "1 doute écarté."
    assert (seen(desk, name).level, whys(desk, name)) == ("held", {"beside"})
    assert taken_back(browser, answer) == "1 remis comme avant."
    assert seen(desk, name).causes == before.causes


@pytest.mark.parametrize("other", ["unclassified", "duplicate"])
def test_a_doubt_stays_where_what_else_hides_is_answered_without_opening(
    desk: Desk, other: str
) -> None:
    name = f"Sous doute {other}"
    line = DOUBTFUL.replace("Association en doute", name).replace("31 rue", f"{len(other)}9 rue")
    line = line.replace("00 51", f"00 {len(other)}9").format(SAYS)
    word = "Machin" if other == "unclassified" else "Association"
    run(desk.runtime, described(line.replace(";Association;", f";{word};")), source=other)
    if other == "duplicate":
        with write(desk.databases.staff) as session:
            writer, edit = acts.find(session, desk.vault, seen(desk, name).public_id)
            double = Cause(why="duplicate", what=str(uuid4()), since=date(2026, 1, 1))
            edit.causes = (*edit.causes, double)
            acts.write(session, desk.vault, writer, edit, "update", "essai")
    assert whys(desk, name) == {"mention", other}
    browser, before = desk.signed_in(), seen(desk, name)
    answer = do(browser, "ecarter", [before.public_id])
    assert "1 refusé (caché par ce seul doute" in said(browser, answer)
    assert seen(desk, name).causes == before.causes
    if other == "unclassified":
        do(browser, "classer", [before.public_id], categorie="association")
        assert seen(desk, name).level == "held"


@pytest.mark.slow
def test_several_are_protected_with_a_reason_and_by_one_gesture_never_shown_again(
    desk: Desk,
) -> None:
    lines = [DOUBTFUL.replace("en doute", f"d’accueil {each}").replace("31 rue", f"4{each} rue")
             for each in (1, 2)]  # fmt: skip
    lines = [line.replace("00 51", f"00 6{each}") for each, line in enumerate(lines)]
    run(desk.runtime, described(*(each.format(SAYS) for each in lines)), source="accueil")
    browser, ids = desk.signed_in(), desk.ids()
    names = [each for each in ids if each.startswith("Association d’accueil")]
    chosen = [ids[each] for each in names]
    assert len(chosen) == 2
    refused = do(browser, "proteger", chosen)
    assert (refused.status_code, "La raison manque" in refused.text) == (422, True)
    assert refused.text.count(" checked>") == len(chosen)
    assert f'action="{PAGE}"' in refused.text
    answer = do(browser, "proteger", chosen, pourquoi="appel de la directrice")
    assert said(browser, answer).startswith("2 protégés. 2 fiches en moins")
    assert "lot=" not in answer.headers["location"]
    for name in names:
        assert seen(desk, name).level == "neutral"
        assert seen(desk, name).public_id not in chosen
    with read(desk.databases.staff) as session:
        batches = session.scalars(select(AuditEntry).filter_by(action="actor_protected")).all()
    assert len(batches) == 2
    # A list says them open again.
    run(desk.runtime, described(*(each.format("") for each in lines)), source="accueil")
    assert {seen(desk, name).level for name in names} == {"neutral"}
    assert not any(each in shown(browser) for each in names)
