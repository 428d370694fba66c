"""An application behind a real server, and settings for it that ask nobody outside."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from app.settings import Settings


@contextmanager
def serving(app: ASGIApp, **options: Any) -> Iterator[str]:
    """Run an application on a free port of the loopback; yield its address."""
    # An idle connection is closed by its client, after 5 s: both at once would break a request.
    waits = {"timeout_keep_alive": 60}
    options = {"port": 0, "log_level": "critical", "proxy_headers": False, **waits, **options}
    server = uvicorn.Server(uvicorn.Config(app, **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "The service did not start."
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def offline_settings(data_dir: Path) -> Settings:
    """Settings whose geocoder refuses connections at once."""
    return Settings(data_dir=data_dir, geocoder_url="http://127.0.0.1:9", tiles="none")


def settings_in(path: Path, **values: Any) -> Settings:
    """Return settings whose data lie in a folder of the test."""
    return Settings(data_dir=path, **values)
