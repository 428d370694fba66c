"""What two curateurs agree to is what both read: who is hidden meanwhile makes a text wait anew."""

from app.records.acts import protect
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.makers_resources import (
    NAMES_HOME,
    READER,
    WRITER,
    held_one,
    release_by,
    seen,
    status,
)
from tests.short_lists import APART, SHELTER, csv, ids, run

BOTH = f"{NAMES_HOME} Un autre lieu est au 99 rue Autre, à Aubervilliers."


def test_who_is_hidden_since_the_first_curateur_agreed_makes_a_text_wait_anew(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER, APART))
    resource = held_one(runtime, title="Sentinelle", summary=BOTH)
    assert not release_by(runtime, WRITER)
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="essai")
    assert not release_by(runtime, READER)
    assert "Sentinelle" not in seen(runtime)
    assert status(runtime, resource) == "held"
    # Both read it anew, the first one too.
    assert not release_by(runtime, READER)
    assert release_by(runtime, WRITER)
    assert "Sentinelle" in seen(runtime)
