"""Sealing: what it opens, and what it refuses."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from app.settings import Settings
from app.vault.sealing import (
    KeyMissing,
    KeysMalformed,
    NotOpened,
    Vault,
    add_key,
    default_keys_file,
    load_vault,
    make_keys_file,
    new_key,
    parse_keys,
    read_keys_file,
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_again_in_its_place_only(value: bytes) -> None:
    vault = parse_keys(new_key())
    sealed = vault.seal("table", "row", "column", value)
    assert vault.open("table", "row", "column", sealed) == value
    for place in (("other", "row", "column"), ("table", "2", "column"), ("table", "row", "x")):
        with pytest.raises(NotOpened):
            vault.open(*place, sealed)


# What people send may hold half a character, and a number may be longer than a machine's.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=())),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.slow
@given(ANYTHING)
def test_a_value_opens_as_it_was_sealed(value: object) -> None:
    vault = parse_keys(new_key())
    sealed = vault.seal_json("table", "row", "column", value)
    assert vault.open_json("table", "row", "column", sealed) == value


def test_a_changed_byte_is_refused() -> None:
    vault = parse_keys(new_key())
    sealed = bytearray(vault.seal("t", "r", "c", b"12 rue de l'Exemple"))
    sealed[-1] ^= 1
    with pytest.raises(NotOpened):
        vault.open("t", "r", "c", bytes(sealed))


def test_what_was_cut_off_or_never_sealed_is_refused_as_a_changed_byte_is() -> None:
    vault = parse_keys(new_key())
    sealed = vault.seal("table", "row", "column", b"secret")
    for each in (*(sealed[:end] for end in range(len(sealed))), b"x" * 64, b"\x01\xff\xff"):
        with pytest.raises((NotOpened, KeyMissing)):
            vault.open("table", "row", "column", each)


def test_the_same_value_never_seals_twice_to_the_same_bytes() -> None:
    vault = parse_keys(new_key())
    assert vault.seal("t", "r", "c", b"x") != vault.seal("t", "r", "c", b"x")


def test_an_old_key_still_opens_and_the_first_one_seals() -> None:
    old, new = new_key(), new_key()
    sealed = parse_keys(old).seal("t", "r", "c", b"x")
    both = parse_keys(f"{new},{old}")
    assert both.open("t", "r", "c", sealed) == b"x"
    again = both.seal("t", "r", "c", b"x")
    assert parse_keys(new).open("t", "r", "c", again) == b"x"


def test_a_lost_key_is_named_with_what_is_lost() -> None:
    old = new_key()
    sealed = parse_keys(old).seal("t", "r", "c", b"x")
    with pytest.raises(KeyMissing, match=old.partition(":")[0]):
        parse_keys(new_key()).open("t", "r", "c", sealed)


@pytest.mark.parametrize("text", ["", "k1", "k1:abc", ":" + "A" * 44, "k:AAAA", "k1:é"])
def test_keys_written_wrong_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(KeysMalformed, match="32 octets"):
        parse_keys(text)


def test_two_keys_of_one_name_are_refused() -> None:
    key = new_key()
    with pytest.raises(KeysMalformed):
        parse_keys(f"{key},{key}")


def test_a_made_key_lies_outside_the_data_and_is_private(home: Path) -> None:
    settings = Settings(data_dir=home / "data")
    assert load_vault(settings) is None
    path = make_keys_file(settings)
    assert path == default_keys_file(settings.data_dir)
    assert not path.is_relative_to(settings.data_dir)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert isinstance(load_vault(settings), Vault)


def test_a_vault_shows_no_key_when_printed() -> None:
    key = new_key()
    vault = parse_keys(key)
    assert key.partition(":")[2] not in repr(vault)
    held = vault._as_of_now()
    for shown in (repr(vault), repr(held), f"{held}"):
        assert repr(vault.keys[vault.primary]) not in shown


def test_a_vault_in_use_follows_its_file(home: Path) -> None:
    settings = Settings(data_dir=home / "data")
    path = make_keys_file(settings)
    serving, place = read_keys_file(path), ("t", "r", "c")
    former = serving.seal(*place, b"x")
    rotated = add_key(settings)
    assert rotated is not None
    assert serving.open(*place, rotated.seal(*place, b"y")) == b"y"
    assert parse_keys(path.read_text().splitlines()[0]).open(*place, serving.seal(*place, b"z"))
    assert serving.open(*place, former) == b"x"
    # A key that is taken away seals nothing any more, whatever was sealed by it.
    path.write_text(path.read_text().splitlines()[1])
    assert parse_keys(path.read_text()).open(*place, serving.seal(*place, b"z")) == b"z"
    path.write_text("k1:half")
    with pytest.raises(KeysMalformed):
        serving.seal(*place, b"z")
    path.unlink()
    assert serving.open(*place, serving.seal(*place, b"z")) == b"z"


@pytest.mark.parametrize("lost", ["unlinked", "a folder in its place"])
def test_a_file_that_cannot_be_read_any_more_is_said_once(home: Path, lost: str) -> None:
    path = make_keys_file(Settings(data_dir=home / "data"))
    text, serving, place = path.read_text(), read_keys_file(path), ("t", "r", "c")
    assert not serving.is_cut_off
    path.unlink()
    if lost != "unlinked":
        path.mkdir()
    with capture_logs() as said:
        for _ in range(3):
            assert serving.open(*place, serving.seal(*place, b"x")) == b"x"
    (line,) = said
    assert (line["event"], line["log_level"]) == (
        "keys file unreadable, sealing by its former key",
        "error",
    )
    assert serving.is_cut_off
    assert not any(secret in str(line) for secret in text.strip().split(":"))
    if lost != "unlinked":
        path.rmdir()
    path.write_text("k1:half")
    assert serving.is_cut_off
    path.write_text(text)
    with capture_logs() as said:
        assert not serving.is_cut_off
    assert said == []


def test_who_reads_the_keys_reads_them_after_a_rotation_by_another(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=home / "data")
    owner, changed = make_keys_file(settings).stat(), list[object]()
    monkeypatch.setattr(os, "fchown", lambda _file, *ids: changed.append(ids))
    add_key(settings)
    assert changed == [(owner.st_uid, owner.st_gid)]
