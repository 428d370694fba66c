"""`mesure23 serve`: where it listens, how it ends, and what it leaves running: nothing."""

import json
import signal
import socket
from pathlib import Path

import httpx
import pytest

from app.platform.cluster.directory import owner_of
from app.platform.cluster.processes import processes
from tests.commands.conftest import Command, Installation
from tests.meanwhile import until
from tests.short_lists import CRIP, csv


def left_running(installation: Installation) -> list[int]:
    data = (installation.home / "var" / "postgres").resolve() / "data"
    return [each.pid for each in processes(data, owner_of(data))]


@pytest.mark.slow
def test_the_service_says_that_it_ends_and_ends_with_all_it_started_unless_somebody_uses_it(
    installation: Installation, tmp_path: Path
) -> None:
    for options, number in (((), signal.SIGTERM), (("--desk",), signal.SIGINT)):
        service, address = installation.serve(*options, MESURE23_DRAIN="600")
        with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
            assert client.get("/sante").json() == {"status": "ok"}
            assert client.get("/readyz").status_code == 200
            assert left_running(installation)
            service.send_signal(signal.SIGTERM)
            # It goes on, and says that it will not for long.
            until(lambda: client.get("/readyz").status_code == 503)
            assert client.get("/livez").status_code == 200
        # Whoever does not want to wait says so.
        service.send_signal(number)
        out, err = service.communicate(timeout=60)
        # A busy machine makes some statement slow.
        said = [line for line in out.splitlines() if "slow statement" not in line]
        assert (service.returncode, said) == (0, []), err
        assert "Traceback" not in err
        assert left_running(installation) == []
    # Whoever finds nothing running starts the base, and stops it.
    path = tmp_path / "liste.csv"
    path.write_bytes(csv(CRIP))
    imported = installation.start("import", path, "--territory", "93", "--json", "--no-geocode")
    out, err = imported.communicate(timeout=120)
    assert (imported.returncode, json.loads(out)["created"]) == (0, 1), err
    assert left_running(installation) == []


def test_a_port_that_is_taken_is_reported_before_anything_starts(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = command("serve", PORT=str(taken.getsockname()[1]))
    assert done.code == 1
    assert "un autre programme l'occupe déjà" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("port", ["abc", "-1", "65536", "8000.5", "٣"])
def test_what_is_no_port_is_reported_in_a_sentence(command: Command, port: str) -> None:
    done = command("serve", PORT=port)
    assert done.code == 1
    assert (
        done.err == f"« {port} » n'est pas un port : PORT, ou --port, est un nombre de 0 à 65535.\n"
    )


@pytest.mark.parametrize(
    ("options", "variables"), [(("--host", "192.0.2.1"), {}), ((), {"MESURE23_HOST": "192.0.2.1"})]
)
def test_an_address_of_another_machine_is_reported_in_a_sentence(
    command: Command, options: tuple[str, ...], variables: dict[str, str]
) -> None:
    done = command("serve", *options, **variables)
    assert done.code == 1
    assert "cette adresse n'est pas celle de cette machine" in done.err
    assert "192.0.2.1" in done.err
