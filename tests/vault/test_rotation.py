"""New keys: everything moves to them, interrupted or not, and a lost key is said."""

import pytest
from sqlalchemy import LargeBinary, text
from sqlalchemy.exc import DBAPIError

from app.models import Base
from app.platform.database.engines import make_engine
from app.runtime.staff import Runtime
from app.vault.columns import BOXES, DIGESTS, PUBLISHED, SEALED
from app.vault.rotation import rotate, status
from app.vault.sealing import KeyMissing, Vault, new_key, parse_keys
from tests.short_lists import ASE, CRIP, csv, run


def renewed(vault: Vault) -> Vault:
    fresh = parse_keys(new_key())
    return Vault(fresh.primary, {**fresh.keys, **vault.keys})


def rotated(runtime: Runtime, vault: Vault) -> int:
    owner = make_engine(runtime.owner_url)
    try:
        return rotate(owner, vault, lambda done, total: None)
    finally:
        owner.dispose()


def test_every_binary_column_is_known_as_sealed_as_a_digest_or_as_public() -> None:
    binary = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    sealed = {(each.table, column) for each in SEALED for column in each.columns}
    assert binary == sealed | BOXES | DIGESTS | PUBLISHED


@pytest.mark.slow
def test_rotation_moves_every_value_and_the_old_key_opens_nothing_any_more(
    runtime: Runtime,
) -> None:
    run(runtime, csv(CRIP, ASE))
    before = status(runtime.staff, runtime.vault)
    both = renewed(runtime.vault)
    assert rotated(runtime, both) == before.by_key.total()
    only_new = Vault(both.primary, {both.primary: both.keys[both.primary]})
    after = status(runtime.staff, only_new)
    # One more tells that the new key is needed.
    assert after.by_key == {both.primary: before.by_key.total() + 1}
    assert not after.unopened


@pytest.mark.slow
def test_lists_are_still_recognised_after_a_rotation(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, ASE))
    both = renewed(runtime.vault)
    rotated(runtime, both)
    again = Runtime(runtime.settings, runtime.databases, both, runtime.owner_url, None)
    assert run(again, csv(CRIP, ASE)).unchanged == 2


def test_an_interrupted_rotation_goes_on_where_it_was(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.vault.rotation.BATCH", 1)
    run(runtime, csv(CRIP, ASE))
    both = renewed(runtime.vault)
    owner = make_engine(runtime.owner_url)

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(owner, both, stop)
    owner.dispose()
    half = status(runtime.staff, both).by_key
    assert half[both.primary] > 0
    assert half["tests"] > 0
    rotated(runtime, both)
    assert set(status(runtime.staff, both).by_key) == {both.primary}


def test_a_lost_key_is_an_error_that_says_what_is_lost(runtime: Runtime) -> None:
    run(runtime, csv(CRIP))
    lost = parse_keys(new_key())
    found = status(runtime.staff, lost)
    assert found.unopened.total() == found.by_key.total() > 0
    assert any("source_file.content (tests)" in place for place in found.unopened)
    with pytest.raises(KeyMissing, match="tests"):
        rotated(runtime, lost)


def test_only_a_rotation_by_the_owner_may_touch_history(runtime: Runtime) -> None:
    run(runtime, csv(CRIP))
    owner = make_engine(runtime.owner_url)
    attempts = {
        "UPDATE revision SET why = ''": "append-only",
        "DELETE FROM revision": "append-only",
        "TRUNCATE revision CASCADE": "append-only",
        "SET LOCAL mesure23.new_key = 'on'; UPDATE revision SET who = 'x'": "append-only",
    }
    for statement, refusal in attempts.items():
        with owner.connect() as connection, pytest.raises(DBAPIError, match=refusal):
            connection.execute(text(statement))
    owner.dispose()
    with runtime.staff.connect() as connection:
        connection.execute(text("SET LOCAL mesure23.new_key = 'on'"))
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("UPDATE revision SET why = ''"))
