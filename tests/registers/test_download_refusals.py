"""What is not taken for a register's file, and what refuses to fetch one."""

import errno
import fcntl
import gzip
import os
import threading
from contextlib import suppress

import brotli
import httpx
import pytest

from app.registers import download, patience
from app.registers.download import discard, fetch
from app.registers.errors import (
    DownloadRunning,
    FileCut,
    FileTooLarge,
    NetworkGone,
    PackedOtherwise,
    PageInstead,
    RedirectRefused,
)
from app.registers.pace import ATTEMPTS, GAP
from app.registers.redirects import LedInside, Reach, may_lead
from tests.registers.downloading import BODY, FINESS, HALF, TAG, Client, cut, whole
from tests.registers.register_server import Answer, Handler, endless, says


def test_a_file_that_is_always_shorter_than_announced_is_no_file(client: Client) -> None:
    client.server.answers = [cut(BODY[:HALF])]
    with pytest.raises(FileCut, match=f"{HALF} octets reçus sur {len(BODY)}"):
        client.fetch()
    assert "register" not in client.files()
    assert len(client.server.asked) == ATTEMPTS


def test_what_a_server_compresses_unasked_is_the_file_all_the_same(client: Client) -> None:
    packed = gzip.compress(BODY)
    client.server.answers = [says(200, packed, ETag=TAG, Content_Encoding="gzip")]
    assert whole(client.fetch())
    assert client.server.asked[0]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("how", ["br", "zstd", "gzip, gzip", "gzip, br", "unknown"])
def test_what_a_few_bytes_may_blow_up_is_not_unpacked(client: Client, how: str) -> None:
    # Brotli makes gigabytes of one piece, before anybody could count them.
    packed = {"br": brotli.compress(BODY), "gzip, gzip": gzip.compress(gzip.compress(BODY))}
    body = packed.get(how, BODY)
    client.server.answers = [says(200, body, ETag=TAG, Content_Encoding=how)]
    with pytest.raises(PackedOtherwise, match=r"127\.0\.0\.1.*--file"):
        client.fetch()
    assert not client.files()
    assert len(client.server.asked) == 1


def test_a_disk_that_is_full_is_not_left_full(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    client.server.answers = [says(200, BODY, ETag=TAG)]
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        client.fetch()
    assert not client.files()


def test_an_empty_file_is_no_file(client: Client) -> None:
    client.server.answers = [says(200, b"", ETag=TAG)]
    with pytest.raises(FileCut):
        client.fetch()
    assert "register" not in client.files()


def test_a_file_that_is_announced_too_large_is_not_begun(client: Client) -> None:
    client.server.answers = [says(200, b"x", Content_Length="1000001")]
    with pytest.raises(FileTooLarge, match="dépasse 1 Mo"):
        client.fetch()
    assert not client.files()


def test_a_body_without_end_is_stopped_and_leaves_nothing(client: Client) -> None:
    client.server.answers = [endless]
    with pytest.raises(FileTooLarge, match="dépasse 1 Mo"):
        client.fetch()
    assert not client.files()
    assert len(client.server.asked) == 1


@pytest.mark.parametrize(
    "page",
    [
        says(200, b"<p>Maintenance</p>", Content_Type="text/html; charset=utf-8"),
        says(200, b"\xef\xbb\xbf\n <!DOCTYPE HTML><p>Maintenance"),
    ],
)
def test_a_web_page_is_not_taken_for_the_file(client: Client, page: Answer) -> None:
    client.server.answers = [page]
    with pytest.raises(PageInstead, match="page web"):
        client.fetch()
    assert not client.files()


@pytest.mark.parametrize(
    "target",
    ["http://registre.example/file", "ftp://127.0.0.1/file", "file:///etc/passwd", "https://"],
)
def test_a_redirect_without_https_is_refused(client: Client, target: str) -> None:
    client.server.answers = [says(302, Location=target)]
    with pytest.raises(RedirectRefused):
        client.fetch()
    assert len(client.server.asked) == 1


@pytest.mark.parametrize("host", ["a..example", "a" * 64 + ".example", "xn--", "xn--a"])
def test_a_name_that_no_machine_can_have_is_one_that_does_not_answer(
    client: Client, host: str
) -> None:
    client.server.answers = [says(302, Location=f"https://{host}/file")]
    for url in (client.server.url, f"https://{host}/file"):
        with pytest.raises(NetworkGone):
            client.fetch(url=url)
        assert '"failures": 1' in (client.folder / "notes.json").read_text()


def test_a_server_elsewhere_does_not_lead_to_this_machine(client: Client) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": client.server.url})

    with pytest.raises(RedirectRefused, match=r"registre\.example.*dans votre propre réseau"):
        fetch(
            FINESS,
            "https://registre.example/file",
            client.folder,
            None,
            transport=httpx.MockTransport(handler),
            clock=client.time.now,
            sleep=client.time.sleep,
        )
    assert asked == ["registre.example"]


def test_redirects_in_a_circle_end(client: Client) -> None:
    client.server.answers = [says(302, Location="/register")]
    with pytest.raises(RedirectRefused):
        client.fetch()
    assert len(client.server.asked) == 6
    # Five a second at most.
    assert client.time.slept == pytest.approx([GAP] * 5)


def test_a_redirect_is_followed_without_a_cookie(client: Client) -> None:
    client.server.answers = [
        says(302, Location="/elsewhere", Set_Cookie="who=we; Path=/"),
        says(200, BODY),
    ]
    assert whole(client.fetch())
    assert client.server.paths == ["/register", "/elsewhere"]
    assert client.server.asked[1]["Cookie"] is None


def test_nobody_at_the_address_is_said_without_the_secrets_of_the_address(client: Client) -> None:
    url = "http://anna:hush@127.0.0.1:9/register?token=hush"
    with pytest.raises(NetworkGone) as caught:
        client.fetch(url=url)
    assert "127.0.0.1 ne répond pas" in str(caught.value)
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert len(client.time.slept) >= ATTEMPTS - 1


def test_one_download_of_a_register_runs_at_once(client: Client) -> None:
    client.folder.mkdir(parents=True)
    with (client.folder / "lock").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DownloadRunning):
            client.fetch()
    client.server.answers = [says(200, BODY)]
    assert whole(client.fetch())


def test_notes_that_cannot_be_read_are_made_anew(client: Client) -> None:
    client.folder.mkdir(parents=True)
    (client.folder / "notes.json").write_text('{"failures": ')
    client.server.answers = [says(200, BODY)]
    assert whole(client.fetch())


@pytest.mark.slow
def test_headers_that_come_drop_by_drop_are_no_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "LONGEST_HEAD", 0.2)

    def dripping(handler: Handler) -> None:
        with suppress(OSError):
            for number in range(10_000):
                handler.wfile.write(b"HTTP/1.1 200 OK\r\n" if not number else b"X-A: b\r\n")
                threading.Event().wait(0.01)
        handler.close_connection = True

    client.server.answers = [dripping]
    with pytest.raises(NetworkGone, match=r"127\.0\.0\.1"):
        client.fetch()
    # On a busy machine one may be over before the server has read what it asks.
    assert 0 < len(client.server.asked) <= ATTEMPTS


def test_a_validator_that_cannot_be_sent_back_is_none(client: Client) -> None:
    for tag in ('"é"', '"' + "x" * 2_000 + '"'):
        client.server.answers = [says(200, BODY, ETag=tag)]
        found = client.fetch()
        assert whole(found)
        assert found
        assert found.validator is None
        assert whole(client.fetch('"é"'))
        discard(client.folder)


@pytest.mark.parametrize(
    "target",
    [
        *("https://10.0.0.8/f", "https://169.254.169.254/f", "https://[::1]/f"),
        # Other writings of an address, and one of the new kind that is one of the old.
        *(
            "https://127.1/f",
            "https://2130706433/f",
            "https://0x7f000001/f",
            "https://017700000001/f",
        ),
        *("https://127.0.0.1./f", "https://[::ffff:127.0.0.1]/f", "https://[::ffff:a00:8]/f"),
        *("https://[64:ff9b::a00:8]/f", "https://[2002:a00:8::]/f", "https://[fe80::1]/f"),
        *("https://[64:ff9b:1::5db8:d822]/f", "https://[fec0::1]/f", "https://[feff::1]/f"),
        *("https://[::127.0.0.1]/f", "https://[::a00:8]/f", "https://[::ffff:0:127.0.0.1]/f"),
        *("https://224.0.0.1/f", "https://[ff0e::1]/f", "https://[5f00::1]/f"),
        "https://[3fff::1]/f",
        *("https://nas.local/f", "https://nas/f", "https://nas./f", "https://localhost./f"),
        *("https://a.localhost/f", "https://NAS.LAN/f", "https://nas.lan./f"),
        *("https://metadata.internal/f", "https://nas.home.arpa/f"),
    ],
)
def test_a_server_of_the_web_does_not_lead_into_our_network(target: str) -> None:
    assert not may_lead(httpx.URL("https://registre.example/f"), httpx.URL(target))
    assert may_lead(httpx.URL("https://10.0.0.8/other"), httpx.URL("https://10.0.0.9/f"))
    assert may_lead(httpx.URL("https://a.example/f"), httpx.URL("https://b.example/f"))


@pytest.mark.parametrize(
    "peer", ["10.0.0.8", "127.0.0.1", "::1", "::ffff:10.0.0.8", "fe80::1%1", "fec0::1%1"]
)
def test_a_name_of_the_web_that_stands_for_a_machine_of_ours_is_not_asked(peer: str) -> None:
    reach = Reach()
    for outside in ("93.184.216.34", "2606:2800:220:1::1"):
        reach.connected(outside)
    with pytest.raises(LedInside):
        reach.connected(peer)
    mirror = Reach()
    for inside in (peer, "10.0.0.9", "93.184.216.34", peer):
        mirror.connected(inside)


def test_a_connection_into_our_network_is_closed_before_anything_is_asked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    peers: list[str] = []

    def connected(reach: Reach, peer: str) -> None:
        peers.append(peer)
        if len(peers) > 1:
            raise LedInside

    monkeypatch.setattr(Reach, "connected", connected)
    elsewhere = client.server.url.replace("127.0.0.1", "localhost")
    client.server.answers = [says(302, Location=elsewhere), says(200, BODY)]
    with pytest.raises(RedirectRefused):
        client.fetch()
    assert len(peers) == 2
    assert len(client.server.asked) == 1


def test_a_connection_that_opens_too_late_is_ended_as_well(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    patient = patience.Patience()

    def end() -> None:
        ended.set()
        patience.Patience._end(patient)

    monkeypatch.setattr(patience, "_AGAIN", 0.05)
    monkeypatch.setattr(patient, "_end", end)
    client.server.answers = [endless]

    def ask() -> None:
        with httpx.Client() as asking, patient.within(0.01):
            assert ended.wait(60)
            asking.get(
                client.server.url, extensions=patient.extensions(httpx.URL(client.server.url))
            )

    with pytest.raises(httpx.HTTPError):
        ask()


@pytest.mark.slow
def test_a_body_without_a_length_that_is_too_late_is_no_file(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "LONGEST_ATTEMPT", 0.2)
    over = threading.Event()

    def slow(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(BODY)
        over.wait(60)

    client.server.answers = [slow]
    try:
        with pytest.raises(FileCut):
            client.fetch()
    finally:
        over.set()
