"""A card: what one thing is and has, in a few named lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from acudata.looks.styles import AMBER, CELL, CODE, QUIET, TABLE, TEXT, tint
from acudata.looks.text import cut, html, visible

LONGEST = 80
"""Characters of a word that are shown."""
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Word:
    """Is a name with what there is to say of it, such as its kind; `mark` sets it apart from its neighbours."""

    text: str
    about: str = ""
    mark: str = ""

    def __str__(self) -> str:
        told = " ".join(filter(None, (self.text, self.about, self.mark and f"[{self.mark}]")))
        return visible(cut(told, LONGEST))

    def html(self) -> str:
        """Return the word with its name as code."""
        ground = tint(AMBER, 0.3) if self.mark else ""
        name = f'<code style="{CODE};{ground}">{html(cut(self.text, LONGEST))}</code>'
        about = " ".join(filter(None, (self.about, self.mark)))
        return f'{name} <small style="{QUIET}">{html(cut(about, LONGEST))}</small>' if about else name


@dataclass(frozen=True, slots=True)
class Fact:
    """Is one line of a card: words, which may be only the first of `total`, or a plain `text`."""

    name: str
    words: tuple[Word, ...] = ()
    total: int = 0
    text: str = ""

    @property
    def count(self) -> str:
        """Return how many there are, and how many of them are shown."""
        shown = len(self.words)
        return f"{shown:,} of {self.total:,}" if shown < self.total else f"{self.total:,}"


@dataclass(frozen=True, slots=True)
class Card:
    """Is a title, what there is to say under it, and a line of Python to begin with."""

    title: str
    facts: Sequence[Fact] = ()
    example: str = ""


def listed(name: str, words: Iterable[Word], most: int) -> Fact:
    """Return a line of words of which at most so many are shown.

    >>> listed("keys", [Word("OrderType"), Word("OrderNbr")], 1).count
    '1 of 2'
    """
    every = tuple(words)
    return Fact(name, every[:most], len(every))


def card_text(card: Card) -> str:
    """Return a card as lines of text."""
    lines = [f"  {line}" for fact in card.facts for line in _fact_text(fact)]
    example = [f"  example: {visible(card.example)}"] if card.example else []
    return "\n".join([visible(cut(card.title, 2 * LONGEST)), *lines, *example])


def _fact_text(fact: Fact) -> Iterator[str]:
    head = f"{fact.name} ({fact.count})" if fact.total else fact.name
    told = visible(fact.text) if fact.text else ", ".join(map(str, fact.words))
    yield from textwrap.wrap(
        f"{head}: {told}", _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def card_html(card: Card) -> str:
    """Return a card as HTML that is legible on light and on dark ground."""
    rows = "".join(map(_fact_html, card.facts))
    example = f'<pre style="margin:4px 0;background:none">{html(card.example)}</pre>' if card.example else ""
    return (
        f'<div style="overflow-x:auto"><div style="padding:4px 0"><strong>{html(cut(card.title, 2 * LONGEST))}'
        f'</strong></div><table style="{TABLE}"><tbody>{rows}</tbody></table>{example}</div>'
    )


def _fact_html(fact: Fact) -> str:
    head = html(fact.name) + (f' <small style="{QUIET}">{fact.count}</small>' if fact.total else "")
    told = html(fact.text) if fact.text else ", ".join(word.html() for word in fact.words)
    return (
        f'<tr><th style="{CELL}background:none;white-space:nowrap">{head}</th>'
        f'<td style="{CELL}{TEXT}background:none;max-width:60em">{told}</td></tr>'
    )
