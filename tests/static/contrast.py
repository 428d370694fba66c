"""The contrast of two colours, reckoned apart from the service."""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour: str) -> Vector:
    """Return the linear RGB of "#rrggbb"."""
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    """Return the ratio of WCAG 2.2, from 1 to 21."""
    dark, light = sorted(float(linear(each) @ TO_XYZ[1]) for each in (first, second))
    return (light + 0.05) / (dark + 0.05)
