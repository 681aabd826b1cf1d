"""The journal: one batch for each posting document, numbered by module in the order of the days."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Protocol

from acudata.sandbox.company.entries import Entry
from acudata.sandbox.company.general import POSTED, STATUSES, Vouchers
from acudata.sandbox.company.registers import Register, Series

MODULES = ("AP", "AR", "GL", "IN")
NOTHING = -1


class Book(Protocol):
    """Keeps one kind of document, each a fact, and says what they post."""

    @property
    def module(self) -> str:
        """Return the module of the batches."""
        ...

    @property
    def day(self) -> Sequence[int]:
        """Return the days of all documents."""
        ...

    def posted(self) -> Iterable[int]:
        """Return the documents that have a batch."""
        ...

    def branch(self, fact: int, /) -> int:
        """Return the branch of a document."""
        ...

    def entries(self, fact: int, /) -> list[Entry]:
        """Return the lines that a document posts."""
        ...

    def reference(self, fact: int, /) -> str:
        """Return the number of a document."""
        ...

    def partner(self, fact: int, /) -> tuple[str, str]:
        """Return id and name of who a document is about."""
        ...


class Journal:
    """Holds the batches of all modules."""

    def __init__(self, books: Sequence[Book]) -> None:
        self._books = books
        self.register = Register(*(Series(module) for module in MODULES))
        self._book = array("b")
        self._fact = array("i")
        self._batches = [array("i", [NOTHING]) * len(book.day) for book in books]
        for code in sorted(code for number, book in enumerate(books) for code in _codes(book, number)):
            self._enter(code >> 32 & 0xF, code & 0xFFFFFFFF)

    def __len__(self) -> int:
        return len(self._fact)

    def source(self, batch: int) -> tuple[Book, int]:
        """Return what a batch posts: the book and the document in it."""
        return self._books[self._book[batch]], self._fact[batch]

    def status(self, batch: int) -> str:
        """Return the label of the state of a batch; only what is posted counts in the balances."""
        book, fact = self.source(batch)
        return STATUSES[book.vouchers[fact].status] if isinstance(book, Vouchers) else STATUSES[POSTED]

    def number_of(self, book: Book, fact: int) -> str | None:
        """Return the number of the batch that a document was posted by."""
        batch = self._batches[self._books.index(book)][fact]
        return None if batch == NOTHING else self.register.reference(batch)

    def _enter(self, book: int, fact: int) -> None:
        self._batches[book][fact] = self.register.enter(MODULES.index(self._books[book].module))
        self._book.append(book)
        self._fact.append(fact)


def _codes(book: Book, number: int) -> Iterable[int]:
    """Return the documents of a book as numbers that sort by day."""
    return (book.day[fact] << 36 | number << 32 | fact for fact in book.posted())
