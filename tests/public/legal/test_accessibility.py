"""The declaration says what the audit in docs/accessibilite.md found."""

import re
from collections import Counter

import httpx
import pytest

from app.settings import ROOT

AUDIT = (ROOT / "docs" / "accessibilite.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+)\.(\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = ROW.findall(AUDIT)
# How many criteria RGAA 4.1 has in each of its thirteen themes.
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
VERDICTS = Counter(verdict.strip("*") for *_, verdict, _ in ROWS)
CONFORMING = VERDICTS["conforme"]
FAILING = [
    f"{theme}.{number}" for theme, number, _, verdict, _ in ROWS if "non conforme" in verdict
]
APPLICABLE = CONFORMING + len(FAILING)
RATE = 100 * CONFORMING // APPLICABLE


def state() -> str:
    if not FAILING:
        return "totalement conforme"
    return "partiellement conforme" if RATE >= 50 else "non conforme"


@pytest.fixture
def declaration(client: httpx.Client) -> str:
    html = client.get("/accessibilite").text
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_the_audit_has_a_verdict_on_each_criterion() -> None:
    named = [(int(theme), int(number)) for theme, number, *_ in ROWS]
    assert named == [
        (theme, number)
        for theme, most in enumerate(THEMES, start=1)
        for number in range(1, most + 1)
    ]
    assert set(VERDICTS) <= {"conforme", "non conforme", "non applicable"}
    assert all(seen.strip() for *_, seen in ROWS)


def test_the_audit_counts_its_own_table() -> None:
    assert (
        f"**{CONFORMING} critères conformes sur {APPLICABLE} applicables : {RATE} %**"
        f" ({len(FAILING)} non conforme, {VERDICTS['non applicable']} non applicables)."
        f" Le site est **{state()}**."
    ) in " ".join(AUDIT.split())


def test_the_declaration_has_the_figures_of_the_audit(declaration: str) -> None:
    assert f"{CONFORMING} critères sur les {APPLICABLE} qui s’appliquent" in declaration
    assert re.search(rf"soit {RATE}\s%", declaration)
    assert f"Les {106 - APPLICABLE} autres" in declaration
    assert f"Ce site est {state()} au référentiel" in declaration


def test_the_declaration_names_what_fails_and_nothing_else(declaration: str) -> None:
    assert re.findall(r"Critère (\d+\.\d+)", declaration) == FAILING


def test_the_declaration_is_of_the_day_and_by_the_tools_of_the_audit(declaration: str) -> None:
    day = re.search(r"\*\*Jour\*\* : (\d+ \w+ \d{4})", AUDIT)
    assert day
    assert f"Déclaration établie le {day[1]}" in declaration
    for tool in ("Orca 48.1", "Firefox 153 ESR", "Debian 13"):
        assert tool in AUDIT
        assert tool in declaration


@pytest.mark.parametrize("path", ["/", "/departements/93", "/nulle/part", "/integration/93"])
def test_every_page_says_the_state(client: httpx.Client, path: str) -> None:
    footer = client.get(path, headers={"Accept": "text/html"}).text.partition("<footer")[2]
    assert f"Accessibilité : {state()}" in footer
