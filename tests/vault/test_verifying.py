"""Keys are tried before anything is served: only those that open the database start."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from app.platform.database.engines import Databases, make_engine
from app.runtime.staff import Runtime
from app.vault.rotation import rotate
from app.vault.sealing import KeyMissing, Vault, new_key, parse_keys
from app.vault.verifying import WrongKey, verify
from tests.short_lists import CRIP, csv, run


def secrets(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalars(text("SELECT count(*) FROM sealed_secret")).one())


def other_bytes(vault: Vault) -> Vault:
    """Return a key of the same name that is another one."""
    fresh = parse_keys(new_key())
    return Vault(vault.primary, {vault.primary: fresh.keys[fresh.primary]})


@pytest.fixture
def owner(runtime: Runtime) -> Iterator[Engine]:
    engine = make_engine(runtime.owner_url)
    yield engine
    engine.dispose()


def test_the_first_key_of_an_empty_database_is_the_only_one_that_starts_there(
    databases: Databases, vault: Vault
) -> None:
    verify(databases.staff, vault)
    assert secrets(databases.staff) == 1
    verify(databases.staff, vault)
    with pytest.raises(WrongKey, match=vault.primary):
        verify(databases.staff, other_bytes(vault))
    with pytest.raises(KeyMissing, match=vault.primary):
        verify(databases.staff, parse_keys(new_key()))
    assert secrets(databases.staff) == 1


def test_a_wrong_key_is_never_taken_for_right_where_nothing_tells_yet(
    runtime: Runtime, owner: Engine
) -> None:
    run(runtime, csv(CRIP))
    before = secrets(runtime.staff)
    for wrong in (other_bytes(runtime.vault), parse_keys(new_key())):
        with pytest.raises((WrongKey, KeyMissing)):
            verify(runtime.staff, wrong)
    assert secrets(runtime.staff) == before
    # Nor where what is sealed are the rows alone.
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM sealed_secret"))
    for wrong in (other_bytes(runtime.vault), parse_keys(new_key())):
        with pytest.raises(WrongKey):
            verify(runtime.staff, wrong)
    assert secrets(runtime.staff) == 0
    verify(runtime.staff, runtime.vault)


def test_of_two_first_keys_that_come_at_once_one_is_refused(databases: Databases) -> None:
    keys = [parse_keys(new_key()) for _ in range(4)]
    at_once = Barrier(len(keys))

    def starts(vault: Vault) -> bool:
        at_once.wait()
        try:
            verify(databases.staff, vault)
        except KeyMissing:
            return False
        return True

    with ThreadPoolExecutor(len(keys)) as pool:
        started = list(pool.map(starts, keys))
    assert started.count(True) == 1
    assert secrets(databases.staff) == 1


@pytest.mark.slow
def test_no_process_starts_without_the_former_key_until_a_rotation_is_whole(
    runtime: Runtime, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(runtime.staff, runtime.vault)
    run(runtime, csv(CRIP))
    former, fresh = runtime.vault, parse_keys(new_key())
    both = Vault(fresh.primary, {**fresh.keys, **former.keys})
    monkeypatch.setattr("app.vault.rotation.BATCH", 1)

    def stop(done: int, total: int) -> None:
        if done == total - 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(owner, both, stop)
    # Neither alone opens everything.
    with pytest.raises(KeyMissing, match=fresh.primary):
        verify(runtime.staff, former)
    with pytest.raises(KeyMissing, match=former.primary):
        verify(runtime.staff, fresh)
    verify(runtime.staff, both)
    rotate(owner, both, lambda done, total: None)
    verify(runtime.staff, fresh)
    with pytest.raises(KeyMissing, match=fresh.primary):
        verify(runtime.staff, former)


@pytest.mark.slow
def test_a_new_key_in_front_keeps_processes_without_it_from_starting(runtime: Runtime) -> None:
    verify(runtime.staff, runtime.vault)
    fresh = parse_keys(new_key())
    verify(runtime.staff, Vault(fresh.primary, {**fresh.keys, **runtime.vault.keys}))
    with pytest.raises(KeyMissing, match=fresh.primary):
        verify(runtime.staff, runtime.vault)
