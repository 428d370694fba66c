"""What lies in deploy/ is what the programs that read it take."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import load
from app.settings import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
INSTALLED = "/opt/mesure23/.venv/bin/mesure23"
# What systemd itself calls safe ends at 5 of 10.
MOST_EXPOSED = 3.0

pytestmark = pytest.mark.slow


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name}: bin/setup all installs it")
    return found


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units as installed here; a template as one of its instances."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(INSTALLED, "/bin/true")
        (tmp_path / unit.name.replace("@.", "@8001.")).write_text(text, encoding="utf-8")
    return sorted(tmp_path.iterdir())


def test_each_unit_starts_a_command_of_ours_with_options_that_it_has() -> None:
    for unit in UNITS:
        [line] = re.findall(r"^ExecStart=(.+)", unit.read_text(encoding="utf-8"), re.MULTILINE)
        program, *arguments = line.split()
        # It is read as it would be, and not run.
        done = CliRunner().invoke(load(), [*arguments, "--help"])
        assert (program, done.exit_code) == (INSTALLED, 0), (unit.name, done.output)


def test_systemd_understands_each_line_of_the_units(units: list[Path]) -> None:
    done = subprocess.run(
        [tool("systemd-analyze"), "verify", "--man=no", *units], capture_output=True, text=True
    )
    of_ours = [line for line in done.stderr.splitlines() if "mesure23" in line]
    assert (done.returncode, of_ours) == (0, [])


def test_units_leave_a_process_nothing_that_it_does_not_need(units: list[Path]) -> None:
    for unit in units:
        done = subprocess.run(
            [tool("systemd-analyze"), "security", "--offline=true", unit],
            capture_output=True,
            text=True,
        )
        [exposed] = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
        assert float(exposed) < MOST_EXPOSED, (unit.name, done.stdout)


def test_public_pages_are_given_neither_keys_nor_the_login_of_staff() -> None:
    unit = (DEPLOY / "systemd" / "mesure23-public@.service").read_text(encoding="utf-8")
    assert re.findall(r"^EnvironmentFile=(.+)", unit, re.MULTILINE) == ["/etc/mesure23/public.env"]
    assert "serve --public" in unit
    accounts = {
        each.name: re.findall(r"^User=(.+)", each.read_text(encoding="utf-8"), re.MULTILINE)
        for each in UNITS
    }
    public = accounts.pop("mesure23-public@.service")
    assert public not in accounts.values()


def test_the_release_is_given_no_key_and_as_many_processes_as_are_named() -> None:
    release, public = (
        (DEPLOY / "systemd" / f"mesure23-{name}.service").read_text(encoding="utf-8")
        for name in ("release", "public@")
    )
    assert re.findall(r"^EnvironmentFile=(.+)", release, re.MULTILINE) == [
        "/etc/mesure23/owner.env"
    ]
    upstream = re.findall(
        r"^    server 127", (DEPLOY / "nginx.conf").read_text("utf-8"), re.MULTILINE
    )
    for unit in (release, public):
        assert f"\nEnvironment=MESURE23_PROCESSES={len(upstream)}\n" in unit


def test_a_release_that_fails_or_is_run_again_stops_nothing_that_it_is_waited_for_by() -> None:
    release = "mesure23-release.service"
    after = set()
    for each in UNITS:
        lines = re.findall(r"^(\w+)=(.*)", each.read_text(encoding="utf-8"), re.MULTILINE)
        named = {name for name, value in lines if release in value.split()}
        assert named in ({"After", "Wants"}, set()), each
        after |= {each.name} if named else set()
    assert after == {f"mesure23-{name}.service" for name in ("public@", "desk", "worker")}


def test_who_has_the_keys_waits_for_the_disk_of_the_backups_and_starts_without_it() -> None:
    for each in UNITS:
        if "/etc/mesure23/staff.env" in (text := each.read_text(encoding="utf-8")):
            assert "\nAfter=var-backups.mount var-backups-mesure23.mount\n" in text, each
            assert not re.search(r"^RequiresMountsFor=.*/var/backups", text, re.MULTILINE), each


def test_who_has_the_keys_may_write_the_registers_that_lie_beside_the_backups() -> None:
    writes = {
        each.name: re.findall(r"^ReadWritePaths=(.+)", text, re.MULTILINE)
        for each in UNITS
        if "/etc/mesure23/staff.env" in (text := each.read_text(encoding="utf-8"))
    }
    assert set(writes) == {f"mesure23-{name}.service" for name in ("desk", "worker")}
    # With a hyphen: without backups on this machine the unit starts all the same.
    assert all(paths == ["-/var/backups/mesure23"] for paths in writes.values()), writes


def test_who_has_the_keys_destroys_no_backup_beside_the_registers() -> None:
    backups = "-/var/backups/mesure23/dumps -/var/backups/mesure23/pgbackrest"
    for each in UNITS:
        if "ReadWritePaths=-/var/backups/mesure23\n" in (text := each.read_text("utf-8")):
            assert f"\nReadOnlyPaths={backups}\n" in text, each


def test_prometheus_takes_the_rules_and_each_alert_goes_off_where_it_should() -> None:
    promtool, folder = tool("promtool"), DEPLOY / "prometheus"
    tests = ["rules_test.yml", "rules_age_test.yml"]
    for arguments in (["check", "config", "prometheus.yml"], ["test", "rules", *tests]):
        done = subprocess.run([promtool, *arguments], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_says_what_to_do() -> None:
    rules = (DEPLOY / "prometheus" / "rules.yml").read_text(encoding="utf-8")
    alerts = rules.split("- alert: ")[1:]
    assert len(alerts) >= 7
    for alert in alerts:
        assert alert.count("summary: ") == alert.count("what_to_do: ") == 1, alert
