"""Our own files and those of packages: compressed ahead of time, cached for good by content."""

import hashlib
import mimetypes
import os
from collections.abc import Iterator
from functools import lru_cache
from os import PathLike
from pathlib import Path
from time import monotonic

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from app.platform.web.accept import taken
from app.platform.web.assets import Encoding, compressed_copy
from app.platform.web.entity_tags import has
from app.platform.web.permissions import Profile, open_to, to_any_origin

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/json"}
LOOKED_AT_SECONDS = 1.0
# Files that are each of one territory: on a disk they would say which of them somebody looked at.
UNSTORED, STORED = "built/ground/", {"built/ground/france.geojson", "built/ground/afar.geojson"}
UNCHANGING = "public, max-age=31536000, immutable"
# A proxy may keep a file for a minute; nginx takes this header off.
IN_FRONT = {"X-Accel-Expires": "60"}
# Of what an address names by its content.
FOR_GOOD = {"Cache-Control": UNCHANGING, **IN_FRONT}
# The smallest first.
ENCODINGS: tuple[Encoding, ...] = ("br", "gzip")


@lru_cache(maxsize=1024)
def _digest(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


@open_to(Profile.PUBLIC)
@to_any_origin
class Assets(StaticFiles):
    """Files below a directory, at /static/; `address` adds the digest of what is in them."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        # Of a file that is there: its digest, and until when it is not looked at again.
        self._digests: dict[str, tuple[str, float]] = {}
        super().__init__(directory=self.root)

    def digest(self, name: str) -> str | None:
        """Return 12 hexadecimal digits of a file's content; None where there is no such file."""
        path = f"{self.root}/{name}"
        try:
            return _digest(path, os.stat(path).st_mtime_ns)  # noqa: PTH116
        except (OSError, ValueError):
            return None

    def address(self, name: str) -> str:
        """Return "/static/app.css?v=0123456789ab"; FileNotFoundError for a name with no file."""
        # A page of 300 actors asks 600 times, and looking at the file takes a tenth of its time.
        now = monotonic()
        known = self._digests.get(name)
        if known is None or now >= known[1]:
            digest = self.digest(name)
            if digest is None:
                raise FileNotFoundError(self.root / name)
            known = self._digests[name] = (digest, now + LOOKED_AT_SECONDS)
        return f"/static/{name}?v={known[0]}"

    def addresses(self) -> Iterator[str]:
        """Yield "/static/app.css" for every file that is there."""
        for path in self.root.rglob("*"):
            if path.is_file():
                yield f"/static/{path.relative_to(self.root).as_posix()}"

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return a file, or its compressed copy where the browser takes one."""
        name = Path(full_path).relative_to(self.root).as_posix()
        path, encoding = Path(full_path), None
        accepted = taken(Headers(scope=scope).get("accept-encoding", ""))
        for candidate in (each for each in ENCODINGS if each in accepted):
            if copy := compressed_copy(self.root, name, candidate):
                path, encoding = copy, candidate
                break
        headers = {"Vary": "Accept-Encoding", **self._caching(name, scope["query_string"])}
        if encoding:
            headers["Content-Encoding"] = encoding
        media_type = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
        response = FileResponse(
            path, status_code, headers, media_type or "application/octet-stream"
        )
        response.set_stat_headers(path.stat())
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response

    def is_not_modified(self, response_headers: Headers, request_headers: Headers) -> bool:
        """Say whether somebody has a file already: by its tag, else by its date."""
        if "if-none-match" in request_headers:
            return has(request_headers, response_headers["etag"])
        return super().is_not_modified(response_headers, request_headers)

    def _caching(self, name: str, query: bytes) -> dict[str, str]:
        """Return what browsers and a proxy may keep of a file, as it was asked for."""
        if name.startswith(UNSTORED) and name not in STORED:
            # Asked for without its version: a page may have the ground of before for a minute.
            return {"Cache-Control": "no-store"} | ({} if query else IN_FRONT)
        if query == f"v={self.digest(name)}".encode():
            return FOR_GOOD
        return {"Cache-Control": "no-cache"}
