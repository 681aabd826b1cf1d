"""The inline styles that all looks share: greys and tints that are legible on light and on dark ground."""

from __future__ import annotations

GREEN, BLUE, RED, AMBER, GREY = "46,160,67", "56,132,255", "248,81,73", "219,154,4", "128,128,128"
CELL = "padding:3px 10px;text-align:left;vertical-align:top;border-top:1px solid rgba(128,128,128,.35);"
TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;max-width:40em;"
TABLE = "border-collapse:collapse;margin:0"
CODE = "font-family:monospace;background:rgba(128,128,128,.14);padding:0 3px;border-radius:3px"
QUIET = "opacity:.75"


def tint(colour: str, part: float) -> str:
    """Return a ground of a colour through which the theme's own shows.

    >>> tint(GREY, 0.25)
    'background:rgba(128,128,128,0.25);'
    """
    return f"background:rgba({colour},{part});"
