"""The image is built from this checkout, and runs as compose.yaml runs it."""

import base64
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tests.image.conftest import LIMITS, Buildah
from tests.serving import free_port

pytestmark = [pytest.mark.slow]

BUILD_TOOLS = ("gcc", "make", "npm", "node", "pip", "pip3", "uv", "git")


def test_image_runs_unprivileged_and_healthy(buildah: Buildah, image: str, server: int) -> None:
    config = buildah.config(image)
    assert config["User"] not in ("", "0", "root")

    container = buildah("from", "--pull-never", *LIMITS, image)
    port = free_port()
    key = "k1:" + base64.b64encode(os.urandom(32)).decode()
    address = f"127.0.0.1:{server}/mesure23"
    variables = {
        "MESURE23_DATABASE_URL": f"postgresql+psycopg://mesure23_staff:staff@{address}",
        "MESURE23_PUBLIC_DATABASE_URL": f"postgresql+psycopg://mesure23_public:public@{address}",
        "MESURE23_KEYS": key,
        "MESURE23_BACKUP_DIR": "/var/backups/mesure23",
        "MESURE23_BACKUP_PASSPHRASE_FILE": "/var/lib/mesure23/passphrase",
        "PORT": str(port),
    }
    given = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    run = ("run", "--isolation", "chroot", "--network", "host", *given)
    owner = f"MESURE23_OWNER_DATABASE_URL=postgresql+psycopg://postgres:owner@{address}"

    found = buildah(*run, container, "--", "sh", "-c", f"which {' '.join(BUILD_TOOLS)}; id -u")
    assert found == config["User"]
    written = "find /srv/mesure23 -writable ! -type l | head -n 3"
    assert buildah(*run, container, "--", "sh", "-c", written) == ""

    with psycopg.connect(
        f"postgresql://postgres:owner@127.0.0.1:{server}/postgres", autocommit=True
    ) as connection:
        connection.execute("CREATE DATABASE mesure23")
    release = ("mesure23", "release")
    assert "108 territoires" in buildah(*run, "--env", owner, container, "--", *release)

    # An account is deleted only once the register of erasures says so, which has to be written.
    user, who = ("mesure23", "user"), "essai@example.org"
    given_role = ("--role", "curateur", "--name", "Camille")
    buildah(*run, container, "--", *user, "create", who, *given_role)
    buildah(*run, container, "--", *user, "delete", who, "--yes")
    assert "Sauvegardé" in buildah(
        *run, "--env", owner, container, "--", "mesure23", "backup", "run"
    )
    assert "Relu" in buildah(*run, "--env", owner, container, "--", "mesure23", "backup", "check")

    # What visitors reach holds neither key nor the login that writes.
    public = ("MESURE23_PUBLIC_DATABASE_URL", "PORT")
    shown = [word for name in public for word in ("--env", f"{name}={variables[name]}")]
    start = (*config["Cmd"][:2], "--public", "--host", "127.0.0.1")
    words = buildah.command(*run[: -len(given)], *shown, container, "--", *start)
    with subprocess.Popen(words, stdin=subprocess.DEVNULL) as serving:
        try:
            _wait_until_open(port, serving)
            page = f"http://127.0.0.1:{port}/departements/93"
            with urllib.request.urlopen(page, timeout=20) as answer:
                assert answer.status == 200
            check = config["Healthcheck"]["Test"]
            assert check[0] == "CMD"
            buildah(*run, container, "--", *check[1:])
        finally:
            _stop(port, serving)
    with pytest.raises(AssertionError):  # the health check of a service that is down
        buildah(*run, container, "--", *check[1:])


def _wait_until_open(port: int, serving: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert serving.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _stop(port: int, serving: subprocess.Popen[bytes]) -> None:
    # buildah run hands no signal on to what it runs, as an engine's stop does.
    import psutil

    for child in psutil.Process(serving.pid).children(recursive=True):
        if "mesure23" in " ".join(child.cmdline()) and Path(child.exe()).name.startswith("python"):
            child.terminate()
    serving.wait(timeout=30)
