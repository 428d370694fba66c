"""The register of erasures, a file: it survives a crash, a change of keys and a wrong account."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from app.operations.erasure_register import (
    Noted,
    RegisterNotRead,
    RegisterNotWritten,
    append,
    append_account,
    append_resource,
    copy_register,
    deleted_accounts,
    entries,
    erased_resources,
    opened,
    register_path,
    seal_again,
)
from app.settings import Settings
from app.vault.sealing import KeyMissing, Vault, new_key, parse_keys


@pytest.fixture
def vault() -> Vault:
    return parse_keys(new_key())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "erasures"


def noted() -> Noted:
    return Noted(uuid4(), "2026-11-02T10:00:00+00:00", "essai", "demande", (("phone", "00ff"),))


def read(path: Path, vault: Vault) -> list[Noted]:
    return [opened(vault, *each) for each in entries(path)]


def test_a_line_that_was_cut_off_takes_no_other_with_it(path: Path, vault: Vault) -> None:
    first, second = noted(), noted()
    append(path, vault, first)
    with path.open("a") as file:
        file.write('{"id": "3f')
    append(path, vault, second)
    assert read(path, vault) == [first, second]


def test_new_keys_seal_it_again_and_the_former_ones_are_needed_no_more(
    path: Path, vault: Vault
) -> None:
    said, gone = [noted(), noted()], {uuid4(), uuid4()}
    for each in said:
        append(path, vault, each)
    for account in gone:
        append_account(path, account)
    resource = uuid4()
    append_resource(path, resource)
    fresh = parse_keys(new_key())
    both = Vault(fresh.primary, {**fresh.keys, **vault.keys})
    assert seal_again(path, both) == len(said)
    assert read(path, fresh) == said
    assert deleted_accounts(path) == gone
    assert erased_resources(path) == {resource}
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone gives a file away")
def test_what_root_writes_stays_of_the_account_that_goes_on_with_it(
    path: Path, vault: Vault
) -> None:
    os.chown(path.parent, 65533, 65533)
    append(path, vault, noted())
    assert (path.stat().st_uid, path.stat().st_gid) == (65533, 65533)
    os.chown(path, 65532, 65532)
    seal_again(path, vault)
    append(path, vault, noted())
    assert (path.stat().st_uid, path.stat().st_gid) == (65532, 65532)


def test_without_the_former_key_it_stays_as_it_was(path: Path, vault: Vault) -> None:
    append(path, vault, noted())
    before = path.read_bytes()
    with pytest.raises(KeyMissing):
        seal_again(path, parse_keys(new_key()))
    assert path.read_bytes() == before


def test_it_lies_beside_the_backups_with_what_a_former_release_noted_elsewhere(
    tmp_path: Path, vault: Vault
) -> None:
    data, beside = tmp_path / "data", tmp_path / "backups"
    alone, settings = Settings(data_dir=data), Settings(data_dir=data, backup_dir=beside)
    first, second, account = noted(), noted(), uuid4()
    data.mkdir()
    append(register_path(alone), vault, first)
    append_account(register_path(alone), account)
    beside.touch()
    with pytest.raises(RegisterNotRead):
        copy_register(settings)
    # Nothing goes where a restoration would not look for it, and what is there is read.
    with pytest.raises(RegisterNotWritten):
        append_account(register_path(settings), uuid4())
    assert read(data / "erasures", vault) == [first]
    beside.unlink()
    beside.mkdir()
    for _ in range(2):
        copy_register(settings)
    # A process of the former release goes on for a while.
    append(register_path(alone), vault, second)
    copy_register(settings)
    assert register_path(settings) == beside / "erasures"
    fresh = parse_keys(new_key())
    both = Vault(fresh.primary, {**fresh.keys, **vault.keys})
    seal_again(register_path(settings), both)
    copy_register(settings)
    assert read(register_path(settings), fresh) == [first, second]
    assert deleted_accounts(register_path(settings)) == {account}


def test_a_register_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(RegisterNotRead, match="lisible"):
        list(entries(tmp_path))


@pytest.mark.parametrize("line", [b"\xff", b"[]", b'{"id": 1}', b'{"id": "x", "sealed": ""}'])
def test_what_is_no_request_is_passed_over(path: Path, vault: Vault, line: bytes) -> None:
    first = noted()
    append(path, vault, first)
    path.write_bytes(line + b"\n" + path.read_bytes())
    assert [each for each, _ in entries(path)] == [first.id]
    assert deleted_accounts(path) == set()
