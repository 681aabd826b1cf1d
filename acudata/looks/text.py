"""Text that anybody may have written, made fit to be looked at."""

from __future__ import annotations

from html import escape


def visible(text: str) -> str:
    r"""Return a text with what cannot be seen, or steers a terminal, written out.

    >>> visible("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _spelled(sign) for sign in text)


def html(text: str) -> str:
    """Return a text as HTML in which it means nothing but itself.

    >>> html("<b>&")
    '&lt;b&gt;&amp;'
    """
    return escape(visible(text))


def cut(text: str, longest: int) -> str:
    """Return a text of at most so many characters; what is left out shows as three dots.

    >>> cut("Bartending School", 8), cut("School", 8)
    ('Bartend…', 'School')
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _spelled(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
