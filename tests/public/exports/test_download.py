"""Files that are made whole, two at a time, and leave nothing behind."""

import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore, Event, Thread
from typing import IO, Any

import httpx
import pytest
from starlette.types import Message

from app.platform.web import download
from app.platform.web.download import IN_MEMORY, Download, DownloadsBusy
from app.public.exports import formats
from app.search import rows as selection
from tests.public.exports.conftest import asking
from tests.public.exports.reading import Files
from tests.world import World

pytestmark = pytest.mark.slow
# Seconds that somebody waits for a place.
MOST = 0.05


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Few places, and a temporary directory of its own, empty at the end."""
    monkeypatch.setattr(download, "MAKING", BoundedSemaphore(1))
    monkeypatch.setattr(download, "FILES", BoundedSemaphore(2))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []
    # Every place was given back, and none twice.
    assert download.MAKING._value == 1
    gc.collect()
    # The service lets go of a file a moment after its last byte is read.
    for _ in range(100):
        if download.FILES._value == 2:
            break
        time.sleep(0.02)
    assert download.FILES._value == 2


def large(file: IO[bytes]) -> str:
    file.write(b"x" * (IN_MEMORY + 10))
    return "acteurs.csv"


def sent(response: Download, pause: float = 0.0) -> list[Message]:
    """Return what a reader gets who takes so long for each piece."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        await asyncio.sleep(pause)
        messages.append(message)

    # In a thread, since a browser's test before this one has left a loop in ours.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, response({"type": "http"}, receive, send)).result()
    return messages


def test_a_large_file_is_sent_whole_and_has_no_name_on_the_disk(places: Path) -> None:
    response = Download(large, "text/csv", MOST)
    assert list(places.iterdir()) == []
    messages = sent(response)
    body = b"".join(message.get("body", b"") for message in messages)
    assert len(body) == IN_MEMORY + 10
    assert messages[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    headers = dict(messages[0]["headers"])
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"content-type"] == b"text/csv; charset=utf-8"


def test_a_reader_who_takes_too_long_is_cut(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "SENDING", 0.2)
    messages = sent(Download(large, "text/csv", MOST), pause=0.08)
    assert messages
    assert messages[-1].get("more_body", True)


def test_what_fails_gives_its_place_back(places: Path) -> None:
    def fails(file: IO[bytes]) -> str:
        large(file)
        raise ZeroDivisionError

    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            Download(fails, "text/csv", MOST)


def test_files_that_nobody_fetches_keep_no_place(places: Path) -> None:
    for _ in range(5):
        Download(large, "text/csv", MOST)
        gc.collect()


def test_too_many_files_at_once_are_refused(places: Path) -> None:
    started, go_on = Event(), Event()

    def slow(file: IO[bytes]) -> str:
        started.set()
        assert go_on.wait(10)
        return large(file)

    first = Thread(target=lambda: Download(slow, "text/csv", MOST))
    first.start()
    assert started.wait(10)
    with pytest.raises(DownloadsBusy):
        Download(large, "text/csv", MOST)
    go_on.set()
    first.join()
    gc.collect()
    responses = [Download(large, "text/csv", MOST) for _ in range(2)]
    with pytest.raises(DownloadsBusy):
        Download(large, "text/csv", MOST)
    for response in responses:
        sent(response)


def test_a_refusal_tells_people_to_try_again(
    places: Path, client: httpx.Client, world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert download.MAKING.acquire(blocking=False)
    with asking(world, tmp_path_factory.mktemp("impatient"), wait_most=MOST) as impatient:
        answer = impatient.get("/table.xlsx?territoire=93", headers={"Accept": "text/html"})
    download.MAKING.release()
    assert answer.status_code == 503
    assert answer.elapsed.total_seconds() < 1.5
    assert int(answer.headers["retry-after"]) > 0
    assert "Réessayez" in answer.text
    assert client.get("/table.xlsx?territoire=93").status_code == 200


@pytest.mark.parametrize("file_format", [formats.CSV, formats.XLSX, formats.GEOJSON])
def test_a_file_that_breaks_in_the_middle_is_an_error_and_no_file(
    places: Path, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, file_format: formats.Format
) -> None:
    def breaks(*_: object) -> object:
        yield []
        raise ZeroDivisionError

    monkeypatch.setattr(selection, "_batches", breaks)
    answer = client.get(f"{file_format.path}?territoire=93", headers={"Accept": "application/json"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "content-disposition" not in answer.headers


def test_records_are_read_in_batches(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    cards = selection.cards  # type: ignore[attr-defined]

    def noting(session: Any, words: Any, rows: Any, *more: Any) -> Any:
        sizes.append(len(rows))
        return cards(session, words, rows, *more)

    monkeypatch.setattr(selection, "BATCH", 40)
    monkeypatch.setattr(selection, "cards", noting)
    answer = client.get("/table.csv?territoire=93")
    assert len(Files({"csv": answer}).csv) == sum(sizes) > 80
    assert set(sizes[:-1]) == {40}
