"""Processes that start at the same time on nothing: one makes what the others then find."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.commands.conftest import installed, line_of

pytestmark = pytest.mark.slow


def test_three_that_prepare_at_once_on_nothing_all_serve(prepared: Path) -> None:
    with installed() as installation:
        options = ("serve", "--prepare", "--no-worker")
        started = [installation.start(*options, PORT="0") for _ in range(3)]
        for child in started:
            base = line_of(child).split()[3]
            with urllib.request.urlopen(f"{base}/readyz", timeout=30) as answer:  # noqa: S310
                assert json.load(answer) == {"status": "ok"}
        said = []
        for child in started:
            child.terminate()
            said.append(child.communicate(timeout=60)[1])
        assert [child.returncode for child in started] == [0, 0, 0], said
        # Of one each.
        assert sum("Territoires chargés" in each for each in said) == 1
        assert sum("Clé de chiffrement créée" in each for each in said) >= 1
