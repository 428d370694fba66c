"""A worker that is killed two hundred times, whenever it happens: each list is done, all of it."""

import time
from collections import Counter
from functools import partial
from random import Random
from uuid import UUID

import pytest

from app.runtime.staff import Runtime
from tests import deposited
from tests.deposited import ENDS, Deed, Written, written
from tests.jobs.conftest import Workers
from tests.meanwhile import until

pytestmark = pytest.mark.long

KILLS = 200
# Fewer than those after which a job that ends its workers is left to somebody.
MOST_OF_A_JOB = 10
# Seconds within which a job of so many lines is done, or nearly.
LASTS = 1.5
ACTORS = 120
CATEGORIES = ("ASE", "Association", "MECS")
WITHOUT_OWNER = {"MESURE23_OWNER_DATABASE_URL": ""}


def lines(chance: Random) -> list[str]:
    """A list of some of the actors; what it says of some is new."""
    some = chance.sample(range(ACTORS), ACTORS // 2)
    return [
        f"Service numéro {each};{CATEGORIES[each % 3]};{each + 1} rue des Essais;93300;"
        f"Aubervilliers;01 99 {each // 100:02} {each % 100:02} {chance.randrange(3):02};"
        for each in some
    ]


def check_whole(deed: Deed, now: Written, before: Written, sent: list[str]) -> None:
    """Check that a deed is done, all of it, and that nothing else is lost."""
    assert now.state == ENDS[deed]
    assert before.actors.keys() <= now.actors.keys()
    for actor, revisions in now.history.items():
        assert [number for number, _ in revisions] == [*range(1, len(revisions) + 1)], actor
        assert revisions[: len(before.history.get(actor, ()))] == before.history.get(actor, [])
    if deed == "check":
        assert now.actors == before.actors
    elif deed == "apply":
        assert [line for line, _ in now.rows] == [*range(2, len(sent) + 2)]
        assert {line.partition(";")[0] for line in sent} <= now.actors.keys()
    else:
        assert now.rows == before.rows
        new = {actor for actor, some in now.history.items() if some[-1] == (2, "undo")}
        assert all(now.actors[actor][1] == "archived" for actor in new)
    once = {"apply": "list_applied", "undo": "list_undone"}
    assert Counter(now.journal)[once.get(deed, "")] == (deed in once)


def killed_while(
    runtime: Runtime, workers: Workers, chance: Random, deposit: UUID, deed: Deed
) -> int:
    """Let workers do a deed, and kill most of them on the way; return how many."""
    before, kills = written(runtime, deposit), 0
    worker = workers.started[-1]
    for _ in range(chance.randrange(1, MOST_OF_A_JOB)):
        until(lambda: deposited.is_begun(runtime, deed) or is_done(runtime, deposit, deed), 60)
        time.sleep(chance.uniform(0, LASTS))
        if is_done(runtime, deposit, deed):
            break
        worker.kill()
        worker.wait()
        kills += 1
        now = written(runtime, deposit)
        assert now == before or now.state == ENDS[deed]
        worker = workers.fork(**WITHOUT_OWNER)
    until(partial(is_done, runtime, deposit, deed), 90)
    return kills


is_done = deposited.is_done


def test_however_often_a_worker_is_killed_no_line_is_lost(
    runtime: Runtime, workers: Workers
) -> None:
    chance, kills = Random(2023), 0  # noqa: S311
    workers.fork(**WITHOUT_OWNER)
    while kills < KILLS:
        sent = lines(chance)
        deposit = deposited.deposit(runtime, *sent)
        deeds = [each for each in ENDS if each != "undo" or chance.random() < 0.5]
        for deed in deeds:
            deposited.ask(runtime, deposit, deed)
            before = written(runtime, deposit)
            kills += killed_while(runtime, workers, chance, deposit, deed)
            check_whole(deed, written(runtime, deposit), before, sent)
