"""Family colours: readable on every ground, and apart for eyes that lack a kind of cone.

Colour blindness is simulated with the matrices of Machado, Oliveira and Fernandes (2009), severity
1.0, in linear RGB; distances are CIEDE2000, in which about 2.3 is a difference that is just seen.
"""

import re
import tomllib
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.settings import ROOT
from tests.static.contrast import TO_XYZ, contrast, linear

Vector = NDArray[np.float64]

SIGHT: dict[str, Vector] = {
    "every cone": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
WHITE = np.array([0.95047, 1.0, 1.08883])
# Okabe and Ito's palette, made for this purpose, has 11.6 between its nearest two of seven colours
# under deuteranopia by this very reckoning (see below); ours must do better.
APART = 15.0
OKABE_ITO = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")


def lab(rgb: Vector) -> Vector:
    """Return CIE L*a*b* of linear RGB."""
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(first: Vector, second: Vector) -> float:
    """Return the distance of two colours in L*a*b*, after Sharma, Wu and Dalal (2005)."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25**7)))
    c1, c2 = np.hypot(a1 * (1 + g), b1), np.hypot(a2 * (1 + g), b2)
    h1 = np.degrees(np.arctan2(b1, a1 * (1 + g))) % 360
    h2 = np.degrees(np.arctan2(b2, a2 * (1 + g))) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    d_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm, hm = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * np.cos(np.radians(hm - 30))
        + 0.24 * np.cos(np.radians(2 * hm))
        + 0.32 * np.cos(np.radians(3 * hm + 6))
        - 0.20 * np.cos(np.radians(4 * hm - 63))
    )
    s_l = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    lightness, chroma, hue = (
        (l2 - l1) / s_l,
        (c2 - c1) / (1 + 0.045 * cm),
        d_h / (1 + 0.015 * cm * t),
    )
    rotation = -2 * np.sqrt(cm**7 / (cm**7 + 25**7))
    rotation *= np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2))))
    return float(np.sqrt(lightness**2 + chroma**2 + hue**2 + rotation * chroma * hue))


def distance(first: str, second: str, sight: str) -> float:
    """Return how far apart two colours look to such eyes."""
    seen = [lab(SIGHT[sight] @ linear(each)) for each in (first, second)]
    return ciede2000(seen[0], seen[1])


def tokens(theme: str) -> dict[str, str]:
    """Return the custom properties of tokens.css that are colours, in one theme."""
    css = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return (
        found if theme == "light" else found | dict(re.findall(r"--([\w-]+): (#[\da-f]{6});", dark))
    )


def families(theme: str) -> dict[str, str]:
    """Return the colour of each family in one theme."""
    text = (ROOT / "importers/vocabulary.toml").read_text(encoding="utf-8")
    return {each["code"]: each[f"colour_{theme}"] for each in tomllib.loads(text)["families"]}


THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


def test_distance_agrees_with_published_pairs() -> None:
    # Rows 1, 7 and 17 of the test data of Sharma, Wu and Dalal.
    published = [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ]
    for first, second, expected in published:
        assert ciede2000(np.array(first), np.array(second)) == pytest.approx(expected, abs=1e-4)


@THEMES
def test_style_sheet_and_vocabulary_have_the_same_colours(theme: str) -> None:
    styled = tokens(theme)
    assert {code: styled[f"family-{code}"] for code in families(theme)} == families(theme)


@THEMES
def test_families_are_readable_on_page_and_map(theme: str) -> None:
    ground = tokens(theme)
    for code, colour in families(theme).items():
        for page in ("page", "surface"):
            assert contrast(colour, ground[page]) >= 4.5, (code, page)
        for under in ("map-land", "map-sea", "map-abroad"):
            assert contrast(colour, ground[under]) >= 3, (code, under)
    for name in ("map-name", "map-name-elsewhere"):
        for under in ("map-land", "map-veil"):
            assert contrast(ground[name], ground[under]) >= 4.5, (name, under)
    own, elsewhere = (
        contrast(ground[name], ground["map-land"]) for name in ("map-name", "map-name-elsewhere")
    )
    assert own > 1.5 * elsewhere


@THEMES
@pytest.mark.parametrize("sight", SIGHT)
def test_families_stay_apart(theme: str, sight: str) -> None:
    for (one, first), (other, second) in combinations(families(theme).items(), 2):
        assert distance(first, second, sight) >= APART, (one, other)


def test_families_are_further_apart_than_a_palette_made_for_it() -> None:
    nearest = min(distance(*pair, "deuteranopia") for pair in combinations(OKABE_ITO, 2))
    assert nearest < APART


@THEMES
def test_words_and_controls_are_readable(theme: str) -> None:
    colours = tokens(theme)
    for ground in ("page", "surface", "sunken"):
        for word in ("text", "muted", "accent"):
            assert contrast(colours[word], colours[ground]) >= 4.5, (word, ground)
    assert contrast(colours["accent"], colours["accent-tint"]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent-strong"]) >= 4.5
    for ground in ("page", "surface"):
        assert contrast(colours["edge"], colours[ground]) >= 3, ground
        assert contrast(colours["focus"], colours[ground]) >= 3, ground
        assert contrast(colours["share-line"], colours[ground]) >= 3, ground
