"""Fetches the file of a register: only a new one, resumed where it stopped, without hammering."""

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx

from app.registers.errors import (
    DownloadFailed,
    DownloadRunning,
    FileCut,
    FileTooLarge,
    LeftAlone,
    NetworkGone,
    NoFileThere,
    PackedOtherwise,
    PageInstead,
    RedirectRefused,
    ServerBusy,
    ServerDown,
)
from app.registers.folder import Folder, opened
from app.registers.pace import ATTEMPTS, LONGEST_PAUSE, Pace, pause_before_next, polite_client
from app.registers.patience import Patience
from app.registers.redirects import LedInside, Reach, may_lead
from app.settings import Settings
from geo.calling import NO_ANSWER, is_bounded, retry_after
from geo.zones import PARIS_TIME
from importers.registers.catalogue import Register

# Bytes; FINESS, the largest one, has about 700 MB.
LARGEST = 2_000_000_000
REDIRECTS = 5
# Seconds.
LONGEST_ATTEMPT = 2 * 3600.0
# A timer that comes every few minutes does not hammer a server that has failed so often.
FAILURES, ALONE = 5, 6 * 3600.0
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]+/([0-9]{1,15}|\*)")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file of a register, complete.

    filename: as its address calls it, which may tell its day. validator: its ETag or Last-Modified.
    sha256: of 32 bytes.
    """

    path: Path
    filename: str
    validator: str | None
    sha256: bytes
    size: int


class _Again(Exception):
    """An attempt that another may mend, after at least pause seconds."""

    def __init__(self, error: DownloadFailed, pause: float = 0.0) -> None:
        super().__init__()
        self.error, self.pause = error, pause


def address_of(register: Register, settings: Settings) -> str | None:
    """Return where the newest edition is: as settings say, else as the catalogue; None: unknown."""
    given: str = "" if register.by_file else getattr(settings, f"{register.code}_url")
    return given or register.url or None


def discard(folder: Path) -> None:
    """Remove what was fetched whole, applied or not: a register tells where homes are too."""
    Folder(folder).drop_file()


def left_behind(folder: Path) -> int:
    """Return how many bytes of a register are on the disk: a download or a command was cut."""
    home = Folder(folder)
    return home.size_of(home.partial) + home.size_of(home.file)


def fetch(
    register: Register,
    url: str,
    folder: Path,
    validator: str | None,
    *,
    most: int = LARGEST,
    transport: httpx.BaseTransport | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> Fetched | None:
    """Fetch what is at an address into the register's folder; None: nothing newer than validator.

    validator: of the edition that was applied last. A file that was fetched before and not applied
    yet is returned without another download. most: bytes allowed.
    Raises LeftAlone, DownloadRunning, subclasses of DownloadFailed, OSError of the disk.
    """
    home = Folder(folder)
    with polite_client(transport, **{"Accept-Encoding": "identity"}) as client:
        try:
            with home.locked():
                return _Download(register, url, home, most, client, clock, sleep).run(validator)
        except BlockingIOError:
            raise DownloadRunning(title=register.title) from None


class _Download:
    def __init__(
        self,
        register: Register,
        url: str,
        home: Folder,
        most: int,
        client: httpx.Client,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._register, self._url, self._home, self._most = register, url, home, most
        self._client, self._clock, self._sleep = client, clock, sleep
        self._pace, self._patience = Pace(clock, sleep), Patience(Reach().connected)
        self._notes = home.notes(hashlib.sha256(url.encode()).hexdigest())

    def run(self, validator: str | None) -> Fetched | None:
        left = self._notes.alone_until - self._now()
        # A longer time was noted by a clock that was wrong.
        if 0 < left <= ALONE:
            until = datetime.fromtimestamp(self._notes.alone_until, PARIS_TIME)
            raise LeftAlone(title=self._register.title, until=f"{until:%d/%m à %H:%M}")
        try:
            found = self._fetch(validator)
        except _Again as again:
            self._note_failure(again.pause)
            raise again.error from None
        except DownloadFailed:
            self._note_failure(0.0)
            raise
        self._note(failures=0, alone_until=0.0)
        return found

    def _fetch(self, validator: str | None) -> Fetched | None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._attempt(validator)
            except _Again as again:
                if attempt == ATTEMPTS or again.pause > LONGEST_PAUSE:
                    raise
                self._sleep(pause_before_next(attempt, again.pause))
        raise AssertionError

    def _attempt(self, validator: str | None) -> Fetched | None:
        """Ask once; no exception of httpx leaves, since each of them carries the request."""
        waiting = self._notes.whole if self._home.file.exists() else None
        condition = waiting or validator
        headers = {}
        if condition and _may_be_sent(condition):
            is_tag = condition.startswith(('"', "W/"))
            headers["If-None-Match" if is_tag else "If-Modified-Since"] = condition
        offset = self._home.size_of(self._home.partial) if self._notes.partial else 0
        if offset and self._notes.partial:
            headers |= {"Range": f"bytes={offset}-", "If-Range": self._notes.partial}
        try:
            response = self._answer(headers)
        except NO_ANSWER:
            raise _Again(NetworkGone(**self._named)) from None
        try:
            if response.status_code == 304 and condition:
                self._home.drop_partial()
                return self._fetched(waiting) if waiting and waiting != validator else None
            self._check_status(response, offset)
            return self._store(response, offset if response.status_code == 206 else 0)
        finally:
            response.close()

    def _answer(self, headers: dict[str, str]) -> httpx.Response:
        """Return an answer that is no redirect, its body not yet read."""
        url = first = httpx.URL(self._url)
        for _ in range(REDIRECTS + 1):
            self._pace.wait()
            more = self._patience.extensions(url)
            request = self._client.build_request("GET", url, headers=headers, extensions=more)
            try:
                with self._patience.until_answered():
                    response = self._client.send(request, stream=True)
            except LedInside:
                break
            if not response.has_redirect_location:
                return response
            response.close()
            try:
                url = url.join(response.headers["location"])
            except httpx.InvalidURL:
                break
            if not may_lead(first, url):
                break
        raise RedirectRefused(**self._named, page=self._register.page)

    def _check_status(self, response: httpx.Response, offset: int) -> None:
        """Raise for what is neither the whole file nor the part of it that was asked for."""
        status = response.status_code
        if status == 429:
            pause = retry_after(response.headers, 0.0, self._clock())
            raise _Again(ServerBusy(**self._named), pause)
        if status >= 500:
            pause = retry_after(response.headers, 0.0, self._clock())
            raise _Again(ServerDown(**self._named, status=str(status)), pause)
        if (status == 206 and not self._goes_on(response, offset)) or (status == 416 and offset):
            # Of another edition: asked again from the beginning.
            self._home.drop_partial()
            raise _Again(self._cut(0, None))
        if status not in {200, 206}:
            raise NoFileThere(**self._named, status=str(status), page=self._register.page)

    def _goes_on(self, response: httpx.Response, offset: int) -> bool:
        part = _RANGE.fullmatch(response.headers.get("content-range", ""))
        same = _validator(response) in {None, self._notes.partial}
        return bool(offset and same and part and int(part[1]) == offset and _is_plain(response))

    def _store(self, response: httpx.Response, size: int) -> Fetched:
        """Write the body behind the size bytes that are here, and make it the register's file."""
        if response.headers.get("content-type", "").lower().startswith("text/html"):
            raise PageInstead(**self._named, page=self._register.page)
        if not is_bounded(response.headers):
            raise PackedOtherwise(**self._named, page=self._register.page)
        validator = self._notes.partial if size else _validator(response)
        announced = _announced(response)
        if announced is not None and announced > self._most:
            raise self._too_large()
        if not size:
            self._home.drop_partial()
            # If-Range takes no weak validator, and an offset in what is compressed means nothing.
            resumable = _is_plain(response) and validator and not validator.startswith("W/")
            self._note(partial=validator if resumable else None, whole=None)
        try:
            size = self._write(response, size)
        except (OSError, FileTooLarge):
            # A full disk is not for us to keep full.
            self._home.drop_partial()
            raise
        if size == 0 or (announced is not None and size != announced):
            if announced is not None and size > announced:
                self._home.drop_partial()
            raise _Again(self._cut(size, announced))
        with self._home.partial.open("rb") as file:
            is_page = _PAGE.match(file.read(512))
        if is_page:
            self._home.drop_partial()
            raise PageInstead(**self._named, page=self._register.page)
        self._home.put_in_place()
        self._note(partial=None, whole=validator)
        return self._fetched(validator)

    def _write(self, response: httpx.Response, size: int) -> int:
        """Return how many bytes the partial file has then."""
        until = self._now() + LONGEST_ATTEMPT
        chunks: Iterator[bytes] = (
            response.iter_raw() if _is_plain(response) else response.iter_bytes()
        )
        with opened(self._home.partial, "ab" if size else "wb") as file:
            try:
                with self._patience.within(LONGEST_ATTEMPT):
                    for chunk in chunks:
                        size += len(chunk)
                        if size > self._most:
                            raise self._too_large()
                        file.write(chunk)
                        if self._now() > until:
                            raise _Again(self._cut(size, _announced(response)))
            except httpx.HTTPError:
                raise _Again(self._cut(size, _announced(response))) from None
            file.flush()
            os.fsync(file.fileno())
        return size

    def _fetched(self, validator: str | None) -> Fetched:
        name = PurePosixPath(unquote(urlsplit(self._url).path)).name or self._register.code
        with self._home.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
            return Fetched(self._home.file, name, validator, digest, file.tell())

    def _note(self, **changes: str | float | None) -> None:
        self._notes = replace(self._notes, **changes)  # type: ignore[arg-type]
        self._home.note(self._notes)

    def _note_failure(self, pause: float) -> None:
        failures = self._notes.failures + 1
        alone = ALONE if failures >= FAILURES else 0.0
        if pause > LONGEST_PAUSE:
            alone = max(alone, min(pause, ALONE))
        self._note(failures=failures, alone_until=self._now() + alone)

    def _now(self) -> float:
        return self._clock().timestamp()

    @property
    def _named(self) -> dict[str, str]:
        return {"title": self._register.title, "host": urlsplit(self._url).hostname or ""}

    def _too_large(self) -> FileTooLarge:
        return FileTooLarge(title=self._register.title, most=str(self._most // 1_000_000))

    def _cut(self, size: int, announced: int | None) -> FileCut:
        known = "un nombre inconnu" if announced is None else str(announced)
        return FileCut(title=self._register.title, size=str(size), announced=known)


def _validator(response: httpx.Response) -> str | None:
    """Return by what the server knows the file, None where it cannot be sent back as it is."""
    found: str = response.headers.get("etag") or response.headers.get("last-modified") or ""
    return found if _may_be_sent(found) else None


def _may_be_sent(validator: str) -> bool:
    return validator.isascii() and validator.isprintable() and 0 < len(validator) <= 1_000


def _is_plain(response: httpx.Response) -> bool:
    """Tell whether the body is the file as it is, as was asked for."""
    return response.headers.get("content-encoding", "identity").lower() in {"", "identity"}


def _announced(response: httpx.Response) -> int | None:
    """Return how many bytes the whole file has, None where that is not said."""
    if not _is_plain(response):
        return None
    if response.status_code == 206:
        part = _RANGE.fullmatch(response.headers.get("content-range", ""))
        return int(part[2]) if part and part[2] != "*" else None
    length = response.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else None
