"""What is asked next, and which records of a page are new: the one place that decides it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Generator
from dataclasses import replace
from itertools import pairwise

from acudata.errors import AcumaticaServerError
from acudata.paging.changes import Changes
from acudata.paging.marks import Key, Marks, Seen, is_whole, key_of
from acudata.paging.order import KeyOrder
from acudata.paging.sizes import PageSize
from acudata.paging.steps import Came, Step, is_full
from acudata.paging.tail import is_empty, last_record

_log = logging.getLogger(__name__)

Walk = Generator[Step, Came, None]

_CAPS = 50
"""A page that is shorter than asked ends a list, unless its length is a multiple of this: servers that are set to send
so many at most were met with round numbers. This is a guess; it costs one request."""


_FAR = 10**8
"""A position behind the end of every list."""
_NONE = Marks([], [])


class Course:
    """Leads through a list, one step after the other, and tells of each page which records are `kept`.

    **By keys**, when the first page came in their order: each page begins after the last key of the one before, which
    no other record can shift. If a page does not, or is refused, the rest is read by position.

    **By position** otherwise. Records that are inserted or deleted shift all that follow, so each page begins with the
    last record of the one before. If it does not hold any record that was read, pages are asked for further back until
    one does: between it and what was read nothing can be missing then.

    What has come is not kept again. It is known by its id; by its keys, too, until an id came again, since ids may be
    made up for each session. In the end, what changed since the beginning is asked for, since a change may have moved a
    record to where was read already; and, by keys, whether the list has more records than came, in which case it is
    read by position from the first page on.

    So every record that is in the list from the beginning to the end comes exactly once, as it was at some moment in
    between; others come once at most. A list that has no order at all, not even for an unchanged one, is beyond this.
    """

    def __init__(
        self,
        *,
        sizes: PageSize,
        order: KeyOrder | None = None,
        changes: Changes | None = None,
        top: int | None = None,
        skip: int = 0,
    ) -> None:
        self.sizes = sizes
        self.kind = "single page"
        self.kept: list[int] = []
        self.repaired: Counter[str] = Counter(skipped=0, repeated=0, changed=0)
        self.notes: list[str] = []
        self.order = order
        self._changes = changes if not skip else None  # what is skipped may have changed, too
        self._left = top
        self._skip = skip
        self._taken = 0
        self._longest = 0
        self._cap: int | None = None
        self._seen = Seen()
        self._content = b""
        self._lap = 1
        self._ids_last = False

    def steps(self) -> Walk:
        """Yield what to ask, and take what came of it."""
        if self._left == 0:
            return
        first = yield self._step(skip=self._skip)
        self._take(first)
        if self._is_over(first):
            return
        self._tell_of(first.marks)
        if self.order is not None and len(first) > 1 and self.order.ascends(first.marks):
            yield from self._by_keys(first, self.order)
        else:
            yield from self._by_position(self._skip + len(first), first.marks, first.marks)
            yield from self._changed()

    def following(self, step: Step, page: bytes) -> Step | None:
        """Return the step that will most likely follow one that was just answered; None when there may be none.

        Nothing follows the first page, which tells how the list behaves.
        """
        if step.probe or self.kind == "single page" or not self._lap:
            return None
        last = last_record(page)
        if is_empty(page) or not is_full(step, last):
            return None
        if step.after is None:
            return step.next_by_position(self.sizes.current)
        key = key_of(last, list(self.order.fields)) if last and self.order else ()
        return step.next_by_key(key, self.sizes.current) if is_whole(key) else None

    def _by_keys(self, first: Came, order: KeyOrder) -> Walk:
        self.kind = "keys"
        came = first
        while True:
            last = came.marks.last()
            came = yield self._step(after=came.marks.keys[-1])
            ascends = order.ascends(came.marks, after=last.keys[0])
            if came.refused or not ascends or self._seen.of(came.marks).any():
                self._note("The server does not list by keys all along: the rest was read by position.")
                yield from self._after_keys(first, last)
                return
            self._take(came)
            if self._is_over(came):
                break
        yield from self._changed()
        yield from self._checked(first)

    def _after_keys(self, first: Came, last: Marks) -> Walk:
        """Go on where the last good page ended, if the list has just as many records up to there as came."""
        position = self._skip + self._taken
        found = yield self._probe(position - 1)
        if not found.marks.begin_as(last):
            position, last = self._skip + len(first), first.marks
        yield from self._by_position(position, last, first.marks)
        yield from self._changed()

    def _checked(self, first: Came) -> Walk:
        """See whether the list has more records than came by keys, and read it by position if so."""
        if self._left == 0:
            return
        beyond = yield self._probe(self._skip + self._taken)
        if len(beyond) and not beyond.marks.begin_as(first.marks):  # as they would where $skip is ignored
            self._note("The list has more records than came by keys: it was read by position as well.")
            yield from self._by_position(self._skip + len(first), first.marks, first.marks)

    def _by_position(self, position: int, read: Marks, head: Marks, *, also: str = "") -> Walk:
        """Read from a position on; `read` are records before it, up to the last, and `head` those of the first page."""
        begin, back = (0 if also else self._skip), 0
        self.kind = self.kind if also else "skip"
        chain = Seen()
        chain.add(read)
        while True:
            start = max(begin, position - self._lap - back)
            came = yield self._step(lap=position - start, skip=start, also=also)
            if came.refused:
                self._note("The server did not tell what changed in the meantime.")
                return
            if self._lap and not self._holds_any(chain, came) and start > begin:
                back = 2 * back or max(1, came.step.top // 2)
                continue
            if back and not self._holds_any(chain, came) and self._may_ids_be_new(came.marks):
                yield from self._ids_tried(came)
                back = back if self._ids_last else 0
                continue
            _refuse_shuffling(read, came.marks)
            self._take(came)
            if not also:
                self._count_repairs(len(came), position - start)
            chain.add(came.marks)
            head = head if len(head) else came.marks
            yield from self._refused_repetition(came, head)
            read, position, back = came.marks, start + len(came), 0
            if self._is_over(came):
                return

    def _changed(self) -> Walk:
        """Read what changed since the beginning."""
        if self._changes is None or self._left == 0:
            return
        before = self._taken
        yield from self._by_position(0, _NONE, _NONE, also=self._changes.condition())
        self.repaired["changed"] += self._taken - before

    def _refused_repetition(self, came: Came, head: Marks) -> Walk:
        """Raise when a page begins as the list does because the server does not care for `$skip`."""
        step = came.step
        if self._lap and step.skip > self._skip and came.marks.begin_as(head):
            far = yield Step(1, step.skip + _FAR, also=step.also, probe=True)
            if len(far):
                raise _repeated()

    def _holds_any(self, chain: Seen, came: Came) -> bool:
        """Tell whether a page has a record that was read; an id that comes again tells that ids last."""
        self._ids_last = self._ids_last or bool(chain.of(came.marks, by_key=False).any())
        return bool(chain.of(came.marks, by_key=not self._ids_last).any())

    def _ids_tried(self, came: Came) -> Walk:
        """See whether ids are the same when the same is asked again: none came back, on the way to the beginning."""
        again = yield replace(came.step, probe=True)
        self._ids_last = bool(set(again.marks.ids) & set(came.marks.ids))
        if not self._ids_last:
            self._cannot_tell()

    def _may_ids_be_new(self, marks: Marks) -> bool:
        """Tell whether records have nothing but ids of which none ever came again."""
        return not self._ids_last and not marks.is_named[:, 1].all()

    def _tell_of(self, first: Marks) -> None:
        """See by what records can be told apart, if at all: keys that come twice are none."""
        keys = [key for key in first.folded if key]
        self._ids_last = len(set(keys)) < len(keys)
        if not (first.is_named[:, 0].all() if self._ids_last else first.tell_apart):
            self._cannot_tell()

    def _cannot_tell(self) -> None:
        self._lap, self._changes = 0, None
        self._note(
            "The records have no lasting ids, nor keys: whether all of them came, and once, is not known."
        )

    def _take(self, came: Came) -> None:
        """Keep the records of a page that have not come yet, as many as are wanted."""
        if not came.marks.tell_apart:
            if came.content == self._content:
                raise _repeated()
            self._content = came.content
        new = (~self._seen.of(came.marks, by_key=not self._ids_last)).nonzero()[0][: self._left]
        self.kept = new.tolist()
        self._seen.add(came.marks)
        self._taken += len(self.kept)
        if self._left is not None:
            self._left -= len(self.kept)
        if self._cap is not None and self.kept:
            self._note(f"The server sends {self._cap} records a page at most.")
            self._cap = None

    def _is_over(self, came: Came) -> bool:
        """Tell whether the list, or what is wanted of it, ends with a page."""
        count, asked = len(came), came.step.top
        if count > asked:
            self._note(
                f"The server does not honour $top: it sent {count} records where {asked} were asked for."
            )
        if self._left == 0 or count > asked:
            return True
        looks_cut = 0 < count < asked and count % _CAPS == 0 and count > self._longest
        self._longest = max(self._longest, count)
        if looks_cut:
            self._cap = count
            self.sizes.limit(count)
        return count < asked and not looks_cut

    def _count_repairs(self, count: int, lap: int) -> None:
        """Count what plain pages, without the `lap` at the beginning, would have left out or brought twice."""
        skipped = sum(at < lap for at in self.kept)
        self.repaired["skipped"] += skipped
        if self._left != 0:
            self.repaired["repeated"] += max(0, count - lap) - (len(self.kept) - skipped)

    def _step(self, *, lap: int = 0, skip: int = 0, after: Key | None = None, also: str = "") -> Step:
        """Return a step of the size of pages; `lap` of its records have been asked for before."""
        top = max(self.sizes.current, lap and 2)
        if self._left is not None:
            top = min(top, self._left + lap)
        left = None if self._left is None else self._left + lap - top
        return Step(top, skip, after, also, left)

    def _probe(self, position: int) -> Step:
        return Step(1, position, probe=True)

    def _note(self, note: str) -> None:
        _log.warning("%s", note)
        self.notes.append(note)


def _refuse_shuffling(read: Marks, came: Marks) -> None:
    """Raise when many records that come again come in another order; a few may have been moved."""
    places = {names: at for at, names in enumerate(read.names)}
    again = [places[names] for names in came.names if names in places and any(names)]
    turned = sum(later < earlier for earlier, later in pairwise(again))
    if turned > max(2, len(again) // 4):
        raise AcumaticaServerError(
            "The server lists the same records in another order each time: read by pages, some would be missing.",
            suggestions=["raise page_size so that one page holds all records", "narrow the filter"],
        )


def _repeated() -> AcumaticaServerError:
    return AcumaticaServerError(
        "The server sent the same page twice: it does not honour $skip.",
        suggestions=["raise page_size so that one page holds all records", "narrow the filter"],
    )
