"""What building and running the image takes: a base of this machine's Debian, and a server."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.platform.cluster.accounts import account_for_new_cluster
from app.platform.cluster.directory import find_binaries
from app.settings import ROOT
from tests.serving import free_port

BASE = "localhost/base:trixie"
CERTIFICATES = Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"))
CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "NODE_EXTRA_CA_CERTS")
PROXY_VARIABLES = ("http_proxy", "https_proxy", "no_proxy")


class Buildah:
    """buildah without a daemon or a network of its own, its images in a directory of the test."""

    def __init__(self, storage: Path) -> None:
        self.start = [
            *("buildah", "--root", str(storage / "root"), "--runroot", str(storage / "run")),
            *("--storage-driver", "vfs"),
        ]

    def command(self, *words: str | Path) -> list[str]:
        return [*self.start, *map(str, words)]

    def __call__(self, *words: str | Path) -> str:
        done = subprocess.run(
            self.command(*words),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout.strip()

    def config(self, image: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self("inspect", "--type", "image", image))
        config: dict[str, Any] = found["Docker"]["config"]
        return config


@pytest.fixture(scope="session")
def buildah(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buildah]:
    if os.geteuid() != 0:
        pytest.skip("only root builds with chroot isolation")
    for tool in ("buildah", "debootstrap"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: bin/setup all")
    storage = tmp_path_factory.mktemp("images")
    yield Buildah(storage)
    shutil.rmtree(storage)


@pytest.fixture(scope="session")
def image(buildah: Buildah) -> str:
    """The image of this checkout, on a base that stands for debian:trixie-slim."""
    base = ROOT / "var/image/base"
    if not base.exists():
        _bootstrap(base)
    container = buildah("from", "scratch")
    buildah("copy", "--quiet", container, base, "/")
    for name in CERTIFICATE_VARIABLES:
        buildah("config", "--env", f"{name}=/etc/ssl/machine.pem", container)
    for name in PROXY_VARIABLES:
        if name in os.environ:
            buildah("config", "--env", f"{name}={os.environ[name]}", container)
    buildah("commit", "--quiet", "--rm", container, BASE)
    buildah(
        *("build", "--isolation", "chroot", "--network", "host", "--format", "docker"),
        *("--pull-never", "--build-arg", f"BASE={BASE}", *LIMITS, "--tag", "mesure23"),
        ROOT,
    )
    return "localhost/mesure23"


def _limits() -> list[str]:
    # buildah asks for more than this machine may grant, unless told.
    import resource

    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    processes = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    return ["--ulimit", f"nofile={files}:{files}", "--ulimit", f"nproc={processes}:{processes}"]


LIMITS = _limits()


def _bootstrap(base: Path) -> None:
    """A minimal Debian 13 from the mirrors, and with the certificate, of this machine."""
    unfinished = base.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    unfinished.chmod(0o755)
    words = ["debootstrap", "--variant=minbase", "trixie", str(unfinished), _mirror()]
    done = subprocess.run(words, capture_output=True, text=True, check=False, umask=0o022)
    assert done.returncode == 0, done.stdout[-2000:]
    (unfinished / "etc/apt/sources.list").unlink(missing_ok=True)
    for name in ("sources.list", "sources.list.d/debian.sources"):
        if (Path("/etc/apt") / name).exists():
            shutil.copy(Path("/etc/apt") / name, unfinished / "etc/apt" / name)
    for options in Path("/etc/apt/apt.conf.d").glob("99*"):
        shutil.copy(options, unfinished / "etc/apt/apt.conf.d")
    (unfinished / "etc/ssl").mkdir(exist_ok=True)
    shutil.copy(CERTIFICATES, unfinished / "etc/ssl/machine.pem")
    unfinished.rename(base)


def _mirror() -> str:
    """The address from which this machine's apt has trixie."""
    words = ["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)"]
    known = subprocess.run(
        [*words, "Created-By: Packages"], capture_output=True, text=True, check=True
    )
    for line in known.stdout.splitlines():
        codename, _, address = line.partition(" ")
        if codename == "trixie" and address.startswith("http"):
            return address
    pytest.skip("apt has no mirror of Debian 13")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    """The port of a PostgreSQL on the loopback, as the container of compose.yaml is one."""
    account, port = account_for_new_cluster(), free_port()
    place = Path("/tmp") / f"mesure23-image-{port}"  # noqa: S108 - short, and the account's own
    place.mkdir(mode=0o700)
    os.chown(place, account.uid, account.gid)
    password = place / "password"
    password.write_text("owner")
    os.chown(password, account.uid, account.gid)
    binaries = find_binaries(place)
    made = account.run(
        *(binaries / "initdb", "--pgdata=data", "--username=postgres", "--pwfile=password"),
        *("--locale-provider=icu", "--icu-locale=fr", "--locale=C.UTF-8", "--encoding=UTF8"),
        *("--auth=scram-sha-256", "--no-sync"),
        cwd=place,
    )
    assert made.returncode == 0, made.stderr
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={place}"
    control = (binaries / "pg_ctl", "--pgdata=data", "--log=log", "--wait")
    assert account.run(*control, "start", "-o", options, cwd=place).returncode == 0
    yield port
    assert account.run(*control, "stop", "--mode=fast", cwd=place).returncode == 0
    shutil.rmtree(place)
