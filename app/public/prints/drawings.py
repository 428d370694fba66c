"""Small drawings within a sheet, as SVG: the shapes of categories."""

import re
from functools import cache

from app.settings import ROOT

SHAPES = ROOT / "static" / "shapes.svg"
_SYMBOL = re.compile(r'<symbol id="([^"]+)" viewBox="0 0 24 24">(.*?)</symbol>', re.DOTALL)
# What the shapes of categories are called, for people who hear a sheet instead of seeing it.
NAMES = {
    "shield": "bouclier",
    "bell": "cloche",
    "diamond": "losange",
    "badge": "carré percé d’un rond",
    "pentagon": "pentagone",
    "scales": "balance",
    "cross": "croix",
    "cross-circle": "croix dans un rond",
    "square-h": "carré percé d’un H",
    "heart": "cœur",
    "circle": "rond",
    "triangle": "triangle",
    "house-open": "maison à la porte ouverte",
    "book": "livre",
    "house": "maison",
    "house-plus": "maison avec une croix",
    "house-circle": "maison avec un rond",
    "tree": "arbre",
    "cradle": "berceau",
    "lock": "cadenas",
    "star": "étoile",
    "eye": "œil",
    "question": "point d’interrogation",
    "porch": "porche",
    "pillars": "colonnes",
    "hexagon": "hexagone",
    "drop": "goutte",
    "drop-circle": "goutte percée d’un rond",
    "capsule": "gélule",
    "ring": "anneau",
    "square-circle": "carré percé d’un grand rond",
    "flower": "fleur",
    "square-cross": "croix dans un carré",
    "arch": "arche",
    "bubble": "bulle",
    "compass": "rose des vents",
    "info": "lettre i dans un rond",
    "squares": "quatre carrés",
    "rings": "deux anneaux",
    "hand": "main",
}


@cache
def shapes() -> dict[str, str]:
    """Return what static/shapes.svg draws, by name: SVG of 24 by 24 units, without a frame."""
    return dict(_SYMBOL.findall(SHAPES.read_text(encoding="utf-8")))
