"""A register's file over real sockets: only a new one, resumed, polite; time is the test's."""

import os
from datetime import timedelta
from email.utils import format_datetime

import pytest

from app.registers.download import ALONE, FAILURES, address_of, discard
from app.registers.errors import (
    DownloadFailed,
    LeftAlone,
    NoFileThere,
    ServerBusy,
    ServerDown,
)
from app.registers.pace import ATTEMPTS, GAP, Pace
from app.settings import Settings
from geo.calling import USER_AGENT
from importers.registers.catalogue import registers
from tests.registers.downloading import BODY, FINESS, HALF, TAG, Client, Time, cut, whole
from tests.registers.register_server import Answer, says

DIRECTORY = registers()["annuaire"]


def test_a_file_is_fetched_for_its_owner_alone_and_not_again_while_it_is_the_same(
    client: Client,
) -> None:
    client.server.answers = [says(200, BODY, ETag=TAG), says(304)]
    before = os.umask(0)
    try:
        found = client.fetch()
    finally:
        os.umask(before)
    assert whole(found)
    assert found is not None
    assert (found.filename, found.validator) == ("register", TAG)
    assert client.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in client.folder.iterdir()} == {0o600}
    discard(client.folder)
    assert not client.files()
    assert client.fetch(TAG) is None
    assert client.server.asked[0]["User-Agent"] == USER_AGENT
    assert client.server.asked[0]["If-None-Match"] is None
    assert client.server.asked[1]["If-None-Match"] == TAG


def test_a_server_without_etag_is_asked_by_the_day_of_its_file(client: Client) -> None:
    day = "Tue, 06 Oct 2026 08:00:00 GMT"
    client.server.answers = [says(200, BODY, Last_Modified=day), says(304)]
    found = client.fetch()
    assert found is not None
    assert found.validator == day
    discard(client.folder)
    assert client.fetch(day) is None
    assert client.server.asked[1]["If-Modified-Since"] == day


def test_a_file_that_was_not_applied_is_there_without_another_download(client: Client) -> None:
    client.server.answers = [says(200, BODY, ETag=TAG), says(304)]
    assert whole(client.fetch('"v0"'))
    again = client.fetch('"v0"')
    assert whole(again)
    assert again is not None
    assert again.validator == TAG


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed(client: Client, as_date: bool) -> None:
    asked = format_datetime(client.time.present + timedelta(seconds=90), usegmt=True)
    client.server.answers = [says(429, Retry_After=asked if as_date else "90"), says(200, BODY)]
    assert whole(client.fetch())
    assert client.time.slept == [90.0]


def test_a_server_that_asks_for_hours_is_left_alone_for_them(client: Client) -> None:
    client.server.answers = [says(429, Retry_After="7200"), says(200, BODY)]
    with pytest.raises(ServerBusy, match="429"):
        client.fetch()
    assert not client.time.slept
    with pytest.raises(LeftAlone, match="jusqu’au 06/10 à 14:00"):
        client.fetch()
    client.time.sleep(7201)
    assert whole(client.fetch())


def test_a_server_that_stumbles_is_asked_again_later_and_later(client: Client) -> None:
    client.server.answers = [says(500), says(502), says(503), says(200, BODY)]
    assert whole(client.fetch())
    assert len(client.time.slept) == 3
    for slept, longest in zip(client.time.slept, (2, 4, 8), strict=True):
        assert longest / 2 <= slept <= longest


def test_a_server_that_fails_for_long_is_left_alone_until_it_may_have_been_mended(
    client: Client,
) -> None:
    client.server.answers = [says(500)]
    for _ in range(FAILURES):
        with pytest.raises(ServerDown, match="500"):
            client.fetch()
    asked = len(client.server.asked)
    assert asked == FAILURES * ATTEMPTS
    with pytest.raises(LeftAlone):
        client.fetch()
    assert len(client.server.asked) == asked
    client.time.sleep(ALONE)
    # One fetch that fails is enough for another pause; one that works ends it.
    with pytest.raises(ServerDown):
        client.fetch()
    with pytest.raises(LeftAlone):
        client.fetch()
    client.time.sleep(ALONE)
    client.server.answers = [says(200, BODY), says(500)]
    assert whole(client.fetch())
    for _ in range(2):
        with pytest.raises(ServerDown):
            client.fetch()


def test_another_address_is_asked_at_once(client: Client) -> None:
    client.server.answers = [says(404)]
    for _ in range(FAILURES):
        with pytest.raises(NoFileThere, match="404"):
            client.fetch()
    client.server.answers = [says(200, BODY)]
    assert whole(client.fetch(url=client.server.url + "-new"))


def test_a_connection_that_is_cut_goes_on_where_it_stopped(client: Client) -> None:
    rest = f"bytes {HALF}-{len(BODY) - 1}/{len(BODY)}"
    client.server.answers = [
        cut(BODY[:HALF], ETag=TAG),
        says(206, BODY[HALF:], ETag=TAG, Content_Range=rest),
    ]
    found = client.fetch()
    assert whole(found)
    assert found is not None
    assert found.validator == TAG
    assert client.server.asked[1]["Range"] == f"bytes={HALF}-"
    assert client.server.asked[1]["If-Range"] == TAG
    assert client.files() == {"register"}


def test_what_one_command_received_is_not_asked_again_by_the_next(client: Client) -> None:
    client.server.answers = [cut(BODY[:HALF], ETag=TAG), says(500)]
    with pytest.raises(DownloadFailed):
        client.fetch()
    rest = f"bytes {HALF}-{len(BODY) - 1}/{len(BODY)}"
    client.server.answers = [says(206, BODY[HALF:], ETag=TAG, Content_Range=rest)]
    assert whole(client.fetch())


@pytest.mark.parametrize(
    "second",
    [
        says(200, BODY, ETag='"v2"'),
        # Another edition, another place, and nothing of it: each is asked from the beginning.
        says(206, BODY[HALF:], ETag='"v2"', Content_Range=f"bytes {HALF}-9/{len(BODY)}"),
        says(206, BODY[HALF:], ETag=TAG, Content_Range=f"bytes 7-9/{len(BODY)}"),
        says(206, BODY[HALF:], ETag=TAG),
        says(416, Content_Range=f"bytes */{HALF}"),
    ],
)
def test_no_file_is_made_of_two_editions(client: Client, second: Answer) -> None:
    client.server.answers = [
        cut(b"x" * HALF, ETag=TAG), second, says(200, BODY, ETag='"v2"')
    ]  # fmt: skip
    found = client.fetch()
    assert whole(found)
    assert found is not None
    assert found.validator == '"v2"'


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"v1"'}])
def test_a_part_without_a_strong_validator_is_not_gone_on_with(
    client: Client, headers: dict[str, str]
) -> None:
    client.server.answers = [cut(BODY[:HALF], **headers), says(200, BODY, **headers)]
    assert whole(client.fetch())
    assert client.server.asked[1]["Range"] is None


def test_a_pace_is_never_waited_for_longer_than_one_gap() -> None:
    time = Time()
    pace = Pace(time.now, time.sleep)
    pace.wait()
    time.present -= timedelta(hours=1)
    pace.wait()
    assert time.slept == [GAP]


def test_settings_say_where_a_register_is_before_the_catalogue() -> None:
    settings = Settings(finess_url="", annuaire_url="")
    assert address_of(FINESS, settings) is None
    assert address_of(DIRECTORY, settings) == DIRECTORY.url
    assert DIRECTORY.url.startswith("https://")
    given = Settings(finess_url="https://a.example/f", annuaire_url="https://a.example/d")
    assert address_of(FINESS, given) == "https://a.example/f"
    assert address_of(DIRECTORY, given) == "https://a.example/d"
