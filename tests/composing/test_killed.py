"""The process that sends a letter is killed: nobody has it twice, at most one is in doubt."""

from collections import Counter
from random import Random

import pytest

from app.runtime.staff import Runtime
from tests.composing.boxes import Killing
from tests.composing.sending_alone import started
from tests.mailbox import mail_server
from tests.makers_letters import approved, forget_all, mails, status, subscribed

pytestmark = pytest.mark.slow
PEOPLE = 8
STEPS = ("rcpt", "data", "taken")


def killed_once(runtime: Runtime, chance: Random, box: Killing, port: int) -> str:
    """Send a letter by a process that is killed on the way, then by another; return the step."""
    forget_all(runtime)
    box.received.clear()
    people = {mail: number for number, mail in subscribed(runtime, PEOPLE)}
    approved(runtime)
    step = chance.choice(STEPS)
    box.aim(0, step, chance.randrange(PEOPLE))
    process = started(runtime, port)
    assert process.pid
    box.pid = process.pid
    process.join(60)
    assert process.exitcode == -9
    again = started(runtime, port)
    again.join(60)
    assert again.exitcode == 0
    had, became = Counter(str(mail["To"]) for mail in box.received), mails(runtime)
    assert max(had.values()) == 1
    in_doubt = [mail for mail, number in people.items() if became[number] == "doubt"]
    assert len(in_doubt) <= 1
    assert {became[number] for mail, number in people.items() if mail not in in_doubt} == {"gone"}
    # Of whom it is said that they have it, they do.
    assert people.keys() - had.keys() <= set(in_doubt)
    assert status(runtime) == "sent"
    return step


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.long)])
def test_whenever_it_is_killed_nobody_has_it_twice(runtime: Runtime, kills: int) -> None:
    chance, box = Random(kills), Killing()  # noqa: S311 - to be the same each time
    with mail_server(box=box) as (_, port):
        steps = Counter(killed_once(runtime, chance, box, port) for _ in range(kills))
    assert steps.keys() == set(STEPS)
