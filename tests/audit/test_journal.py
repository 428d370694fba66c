"""The journal: only added to, each entry holding the one before, cut by whole months and signed."""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.audit import exporting, pruning
from app.audit.actions import LABELS, Action
from app.audit.comparing import NoExport, compare
from app.audit.journal import Author, add, gathered, note
from app.audit.verifying import Verdict, verify
from app.platform.database.engines import make_engine
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.vault.rotation import rotate
from app.vault.sealing import Vault
from geo.zones import PARIS_TIME

SOMEBODY = Author("3f0c8a52-5a55-4ac4-9d53-111111111111", "curateur")


@pytest.fixture
def owner(runtime: Runtime) -> Iterator[Engine]:
    engine = make_engine(runtime.owner_url)
    yield engine
    engine.dispose()


def fill(runtime: Runtime, count: int) -> None:
    for each in range(count):
        note(runtime.staff, runtime.vault, SOMEBODY, Action.PROVED, f"s{each}", {"n": each})


def tamper(owner: Engine, statement: str) -> None:
    """Change the journal as somebody who holds the files of the database."""
    with write(owner) as session:
        session.execute(text("SET LOCAL session_replication_role = 'replica'"))
        session.execute(text(statement))


def test_what_was_written_is_found_whole(runtime: Runtime) -> None:
    assert verify(runtime.staff, runtime.vault).entries == 0
    fill(runtime, 5)
    verdict = verify(runtime.staff, runtime.vault, at_least=5)
    assert (verdict.entries, verdict.last_number, verdict.faults) == (5, 5, [])


def test_entries_of_many_deeds_are_added_at_their_end_and_keep_nobody_waiting(
    runtime: Runtime,
) -> None:
    with write(runtime.staff) as session, gathered(session, runtime.vault):
        for each in range(3):
            add(session, runtime.vault, SOMEBODY, Action.PROVED, f"s{each}", {"n": each})
        fill(runtime, 1)
    verdict = verify(runtime.staff, runtime.vault, at_least=4)
    assert (verdict.entries, verdict.last_number, verdict.faults) == (4, 4, [])


@pytest.mark.slow
def test_many_at_once_leave_no_gap(runtime: Runtime) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fill(runtime, 5), range(8)))
    verdict = verify(runtime.staff, runtime.vault)
    assert (verdict.entries, verdict.last_number, verdict.faults) == (40, 40, [])


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit_entry SET who = 'x' WHERE number = 3", "L’entrée 3 a été changée"),
        ("UPDATE audit_entry SET at = at + interval '1 s' WHERE number = 3", "L’entrée 3 a été"),
        ("UPDATE audit_entry SET action = 'signed_in' WHERE number = 3", "L’entrée 3 a été"),
        ("DELETE FROM audit_entry WHERE number = 3", "Il manque les entrées 3 à 3"),
        ("DELETE FROM audit_entry WHERE number = 1", "Il manque les entrées 1 à 1"),
        (
            "UPDATE audit_entry SET detail = (SELECT detail FROM audit_entry WHERE number = 2)"
            " WHERE number = 3",
            "Le détail de l’entrée 3 a été changé",
        ),
        ("UPDATE audit_entry SET number = 9 WHERE number = 3", "Il manque"),
    ],
)
def test_what_was_changed_or_taken_is_found(
    runtime: Runtime, owner: Engine, statement: str, said: str
) -> None:
    fill(runtime, 5)
    tamper(owner, statement)
    assert any(said in fault for fault in verify(runtime.staff, runtime.vault).faults)


def test_an_end_that_was_cut_is_found_by_what_was_seen_elsewhere(
    runtime: Runtime, owner: Engine
) -> None:
    fill(runtime, 5)
    tamper(owner, "DELETE FROM audit_entry WHERE number > 3")
    assert verify(runtime.staff, runtime.vault).faults == []
    assert verify(runtime.staff, runtime.vault, at_least=5).faults


def test_neither_login_changes_or_empties_it(runtime: Runtime, owner: Engine) -> None:
    fill(runtime, 2)
    for engine in (runtime.staff, owner):
        for statement in (
            "UPDATE audit_entry SET who = 'x'",
            "DELETE FROM audit_entry",
            "TRUNCATE audit_entry",
            "TRUNCATE audit_anchor",
            "INSERT INTO audit_entry SELECT gen_random_uuid(), 9223372036854775807, at, who, role,"
            " action, subject, detail, mac, link FROM audit_entry LIMIT 1",
        ):
            with pytest.raises(DBAPIError), write(engine) as session:
                session.execute(text(f"SET LOCAL mesure23.new_key = 'on'; {statement}"))
    assert verify(runtime.staff, runtime.vault).faults == []


def test_staff_cut_nothing_and_make_no_anchor(runtime: Runtime) -> None:
    anchor = "INSERT INTO audit_anchor (number, link, who, signature) VALUES (9, '', 'x', '')"
    with pytest.raises(DBAPIError), write(runtime.staff) as session:
        session.execute(text(anchor))


def test_new_sealing_keys_change_no_link(runtime: Runtime, owner: Engine) -> None:
    fill(runtime, 3)
    keys = {"new": b"n" * 32, **runtime.vault.keys}
    both = Vault("new", keys)
    assert rotate(owner, both, lambda *_: None)
    verdict = verify(runtime.staff, Vault("new", {"new": b"n" * 32}))
    assert (verdict.entries, verdict.faults) == (3, [])
    lost = verify(runtime.staff, Vault("x", {"x": b"x" * 32, "new": b"n" * 32}))
    assert lost.faults == []


def test_whole_old_months_are_cut_and_the_rest_still_holds(runtime: Runtime, owner: Engine) -> None:
    # Written in the past: the links hold the moments, so the clock of the test is the cut's.
    fill(runtime, 4)
    later = datetime.now(UTC) + timedelta(days=430)
    before = pruning.ends_before(later, 12)
    assert pruning.count_due(runtime.staff, before) == 4
    assert pruning.prune(owner, runtime.vault, before, SOMEBODY) == 4
    verdict = verify(runtime.staff, runtime.vault)
    # That it was cut is what stays.
    assert (verdict.entries, verdict.last_number, verdict.faults) == (1, 5, [])
    fill(runtime, 2)
    assert verify(runtime.staff, runtime.vault).faults == []
    assert pruning.prune(owner, runtime.vault, datetime(2001, 1, 1, tzinfo=UTC), SOMEBODY) == 0


def test_an_anchor_that_somebody_made_is_found(runtime: Runtime, owner: Engine) -> None:
    fill(runtime, 3)
    with write(owner) as session:
        session.execute(
            text(
                "INSERT INTO audit_anchor (number, link, who, signature)"
                " SELECT number, link, 'x', :signature FROM audit_entry WHERE number = 2"
            ),
            {"signature": b"s" * 64},
        )
        session.execute(text("DELETE FROM audit_entry WHERE number <= 2"))
    assert any("signée" in fault for fault in verify(runtime.staff, runtime.vault).faults)


def test_the_month_that_a_year_ago_began_stays() -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    assert pruning.ends_before(now, 12).isoformat() == "2025-11-01T00:00:00+01:00"
    assert pruning.ends_before(datetime(2026, 1, 1, tzinfo=UTC), 12).month == 1


def test_a_day_is_written_and_signed(runtime: Runtime, tmp_path: Path) -> None:
    fill(runtime, 3)
    today = datetime.now(PARIS_TIME).date()
    file, count = exporting.export(runtime.staff, runtime.vault, today, tmp_path / "jours")
    assert count == 3
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert '"n"' not in file.read_text()
    signature, public = (
        base64.b64decode(line) for line in file.with_suffix(".jsonl.sig").read_text().split()
    )
    key = Ed25519PublicKey.from_public_bytes(public)
    key.verify(signature, file.read_bytes())
    with pytest.raises(InvalidSignature):
        key.verify(signature, file.read_bytes() + b" ")
    other, none = exporting.export(
        runtime.staff, runtime.vault, today - timedelta(days=1), tmp_path / "jours"
    )
    assert (none, other.read_text()) == (0, "")


def exported(runtime: Runtime, folder: Path) -> Path:
    fill(runtime, 4)
    today = datetime.now(PARIS_TIME).date()
    return exporting.export(runtime.staff, runtime.vault, today, folder)[0]


def compared(runtime: Runtime, file: Path) -> Verdict:
    with write(runtime.staff) as session:
        return compare(session, runtime.vault, file)


def test_an_exported_day_is_compared_with_the_journal(
    runtime: Runtime, owner: Engine, tmp_path: Path
) -> None:
    file = exported(runtime, tmp_path)
    verdict = compared(runtime, file)
    assert (verdict.entries, verdict.last_number, verdict.faults) == (4, 4, [])
    tamper(owner, "UPDATE audit_entry SET link = mac WHERE number = 3")
    tamper(owner, "DELETE FROM audit_entry WHERE number = 4")
    faults = compared(runtime, file).faults
    assert ["3" in faults[0], "4" in faults[1], len(faults)] == [True, True, 2]


def test_an_exported_day_that_was_changed_is_found(runtime: Runtime, tmp_path: Path) -> None:
    file = exported(runtime, tmp_path)
    file.write_text(file.read_text().replace('"subject": "s2"', '"subject": "s9"'))
    faults = compared(runtime, file).faults
    assert "signé" in faults[0]
    assert "L’entrée 3 du fichier ne suit pas" in faults[1]


def test_an_exported_day_stays_good_after_its_month_is_cut(
    runtime: Runtime, owner: Engine, tmp_path: Path
) -> None:
    file = exported(runtime, tmp_path)
    later = datetime.now(UTC) + timedelta(days=430)
    pruning.prune(owner, runtime.vault, pruning.ends_before(later, 12), SOMEBODY)
    assert compared(runtime, file).faults == []


def test_what_is_no_exported_day_is_said(runtime: Runtime, tmp_path: Path) -> None:
    file = exported(runtime, tmp_path)
    other = tmp_path / "autre.jsonl"
    other.write_bytes(file.read_bytes())
    with pytest.raises(NoExport):
        compared(runtime, other)
    file.write_text("rien")
    with pytest.raises(NoExport):
        compared(runtime, file)


def test_each_deed_has_words() -> None:
    assert set(LABELS) == set(Action)
