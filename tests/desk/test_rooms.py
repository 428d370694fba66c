"""The rail of the desk: each room has a key and an address of its own."""

from app.desk.shell.page import ROOMS


def test_no_two_rooms_have_one_key_or_one_address() -> None:
    assert len({room.key for room in ROOMS}) == len(ROOMS)
    assert len({room.path for room in ROOMS}) == len(ROOMS)
