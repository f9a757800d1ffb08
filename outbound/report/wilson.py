"""The Wilson score interval of a share (E. B. Wilson, 1927)."""

import math
from typing import Final

Z: Final = 1.959963984540054
"""95 %: of a hundred such intervals about 95 hold the true share."""


def wilson(numerator: int, denominator: int) -> tuple[float, float] | None:
    """The bounds of a share between 0 and 1; None without a denominator."""
    if denominator <= 0:
        return None
    share, square = numerator / denominator, Z * Z
    middle = (share + square / (2 * denominator)) / (1 + square / denominator)
    spread = math.sqrt(
        share * (1 - share) / denominator + square / (4 * denominator**2)
    )
    half = Z * spread / (1 + square / denominator)
    return max(0.0, middle - half), min(1.0, middle + half)
