"""Carries out a plan: group by group it looks again, notes, sends, and reads back.

Order of operations for a group of records:

1. read them once more: one that is as wanted already is done, one that somebody changed since the plan is a conflict,
   one whose fate a crash left open is looked for;
2. note in the journal what is about to be sent, on disk;
3. put each record, once; after a broken connection look first whether it arrived;
4. note what became of it;
5. read the group back and compare it with what was sent.

Problems of a record are its outcome. What concerns all of them (no connection, no seat, a refused sign-in) is raised:
`apply` goes on where it stopped when it is called again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from acudata.errors import (
    AcumaticaAuthError,
    AcumaticaConfigError,
    AcumaticaConnectionError,
    AcumaticaError,
    AcumaticaPermissionError,
    AcumaticaRateLimitError,
    AcumaticaServerError,
    AcumaticaTimeoutError,
    AcumaticaValidationError,
)
from acudata.frames.dtypes import check_choice
from acudata.models import Record
from acudata.progress import progress as shown_progress
from acudata.writeback import safeguards
from acudata.writeback.bodies import cell, values_of
from acudata.writeback.changes import PlannedRecord
from acudata.writeback.delivery import Delivery
from acudata.writeback.denials import Denials
from acudata.writeback.fates import Fates, left_open
from acudata.writeback.journal import Journal
from acudata.writeback.line_fates import read_lines
from acudata.writeback.line_verification import lines_verified
from acudata.writeback.outcomes import WRITTEN, Outcome
from acudata.writeback.plan import WritePlan
from acudata.writeback.refusals import failed
from acudata.writeback.report import WriteReport
from acudata.writeback.target import Target
from acudata.writeback.verification import compared

GROUP = 50
"""Records that share a look before, a note and a reading back."""

OnError = Literal["collect", "stop"]
_LOG = logging.getLogger(__name__)
_MAY_HAVE_ARRIVED = (AcumaticaConnectionError, AcumaticaTimeoutError, AcumaticaServerError)


def apply_plan(
    plan: WritePlan,
    target: Target | None,
    *,
    max_rows: int,
    on_error: OnError,
    concurrency: int,
    verify: bool,
    confirm_deletes: int | None,
    check_tenant: bool,
    progress: bool | None,
) -> WriteReport:
    """Carry out a plan and return the report; `WritePlan.apply` explains the arguments."""
    if target is None:
        raise AcumaticaValidationError(
            "A plan from a file does not know whom to write to.", suggestions=["plan.apply(client.customers)"]
        )
    check_choice("on_error", on_error, get_args(OnError))
    safeguards.check_concurrency(concurrency)
    safeguards.check_aim(plan, target)
    safeguards.check_extent(plan, max_rows=max_rows, confirm_deletes=confirm_deletes)
    if check_tenant and not plan.is_empty:
        safeguards.check_tenant(target)
    started = time.monotonic()
    total = sum(record.is_written for record in plan.records)
    shown = target.progress if progress is None else progress
    with (
        Journal(target.journals / f"{plan.id}.sqlite") as journal,
        shown_progress(total, description=plan.aim.entity, unit="records", enabled=shown) as advance,
    ):
        application = Application(
            plan, target, journal, on_error=on_error, concurrency=concurrency, verify=verify, advance=advance
        )
        try:
            outcomes = application.run()
        except AcumaticaConfigError as error:
            done = sum(outcome.is_settled for outcome in application.outcomes.values())
            error.message += f" {done:,} of {total:,} records are written to the ERP."
            raise
        except KeyboardInterrupt as interrupt:
            done = sum(outcome.is_settled for outcome in application.outcomes.values())
            told = f"{done:,} of {total:,} records are written; apply() of the same plan goes on with the others."
            interrupt.add_note(told)
            _LOG.warning(told)
            raise
    report = WriteReport.of(plan, outcomes, seconds=time.monotonic() - started)
    return replace(report, told_before=application.told_before, applied_before=application.applied_before)


@dataclass
class Application:
    """Carries out one plan on one target; `advance` is told of each record that is done."""

    plan: WritePlan
    target: Target
    journal: Journal
    on_error: OnError = "collect"
    concurrency: int = 1
    verify: bool = True
    advance: Callable[[int], None] = lambda _: None
    outcomes: dict[int, Outcome] = field(default_factory=dict, init=False)
    told_before: int = field(default=0, init=False)
    applied_before: str | None = field(default=None, init=False)
    _claimed: set[str] = field(default_factory=set, init=False)
    _delivery: Delivery = field(init=False)
    _broken: dict[int, AcumaticaError] = field(default_factory=dict, init=False)
    _denials: Denials = field(init=False)

    def __post_init__(self) -> None:
        self._denials = Denials(self.plan.aim.entity)

    def run(self) -> dict[int, Outcome]:
        """Write what is to be written and not in the journal as done; return the outcomes by record."""
        known = self.journal.outcomes()
        self.outcomes = {number: outcome for number, outcome in known.items() if outcome.is_settled}
        self._claimed = {outcome.id or "" for outcome in self.outcomes.values()}
        self.told_before = len(self.outcomes)
        self.applied_before = self.journal.last_noted(self.outcomes)
        self.advance(self.told_before)
        fates = Fates(self.target, self.plan, claimed=self._claimed)
        self._delivery = Delivery(self.target, self.plan, self.journal, fates)
        self._verify([number for number, outcome in self.outcomes.items() if not outcome.is_verified])
        for group in self._groups():
            self._apply([number for number in group if not self._is_denied(number)])
            if self._is_stopped(group):
                break
        return self._not_tried() | self._begun_before() | self.outcomes

    def _is_denied(self, number: int) -> bool:
        return self._denials.cover(self.plan.records[number])

    def _not_tried(self) -> dict[int, Outcome]:
        """Return the outcomes of what was not tried because the user has no right to it."""
        denied = filter(self._is_denied, self._pending())
        return {number: self._denials.outcome(self.plan.records[number]) for number in denied}

    def _begun_before(self) -> dict[int, Outcome]:
        """Return the outcomes of what an earlier run sent and this one did not come to: no plan anew is to send it."""
        unsettled = self._plain(
            [number for number in self.journal.unsettled() if number not in self.outcomes]
        )
        begun = [number for number in self.journal.begun() if number not in self.outcomes]
        records = {number: left_open(self.plan.records[number]) for number in unsettled}
        return records | self._delivery.left(begun)

    def _groups(self) -> Iterator[list[int]]:
        pending = self._pending()
        yield from (pending[start : start + GROUP] for start in range(0, len(pending), GROUP))

    def _pending(self) -> list[int]:
        records = enumerate(self.plan.records)
        return [number for number, record in records if record.is_written and number not in self.outcomes]

    def _has_lines(self, number: int) -> bool:
        return bool(self.plan.records[number].written_lines)

    def _plain(self, numbers: Sequence[int]) -> list[int]:
        return [number for number in numbers if not self._has_lines(number)]

    def _is_stopped(self, group: Sequence[int]) -> bool:
        return self.on_error == "stop" and any(
            number in self.outcomes and self.outcomes[number].status in ("failed", "conflict", "unknown")
            for number in group
        )

    def _apply(self, group: list[int]) -> None:
        open_fates = self.journal.unsettled()
        fates = Fates(self.target, self.plan, claimed=self._claimed)
        for number, outcome in fates.before(self._plain(group), open_fates).items():
            self._settle(number, outcome)
        documents = [number for number in group if self._has_lines(number)]
        for number, outcome in self._delivery.before(documents).items():
            self._settle(number, outcome)
        todo = [number for number in group if number not in self.outcomes]
        if todo:
            since = self.target.server_time()
            self.journal.note(todo, at=since)
            self._send_all(todo, fates, since)
            self.journal.forget(number for number in todo if number not in self.outcomes)
        self._verify([number for number in todo if number in self.outcomes])

    def _send_all(self, todo: Sequence[int], fates: Fates, since: str) -> None:
        """Send records; one that broke the connection is looked for first, and sent once more if it is not there."""
        while (pending := self._left(todo)) and not self._is_stopped(todo):
            broken = self._send(pending, since)
            for number in filter(self._has_lines, broken):
                self._delivery.catch_up(number)
            for number, outcome in fates.after(self._plain(list(broken)), since).items():
                self._settle(number, outcome)
            for number, error in broken.items():
                if number not in self.outcomes and number in self._broken:
                    self._settle(number, self._failed(number, error))
            self._broken.update(broken)

    def _left(self, todo: Sequence[int]) -> list[int]:
        return [number for number in todo if number not in self.outcomes and not self._is_denied(number)]

    def _send(self, pending: Sequence[int], since: str) -> dict[int, AcumaticaError]:
        """Send records until an answer fails to come; return those without one, and why.

        A connection that is gone is not tried for all others, and all that are under way have ended before anything is
        looked up: what they became cannot be mistaken for a record that was lost.
        """
        broken: dict[int, AcumaticaError] = {}

        def send(number: int) -> None:
            if broken or self._is_denied(number) or self._is_stopped(pending):
                return
            try:
                self._settle(number, self._sent(number, since))
            except _MAY_HAVE_ARRIVED as error:
                broken[number] = error

        self._for_each(send, pending)
        return broken

    def _for_each(self, send: Callable[[int], None], numbers: Sequence[int]) -> None:
        if self.concurrency == 1:
            for number in numbers:
                send(number)
            return
        pool = ThreadPoolExecutor(self.concurrency, "acudata-write")
        try:
            for result in [pool.submit(send, number) for number in numbers]:
                result.result()
        finally:  # what was not begun when one of them raised, or Ctrl-C came, is not sent any more
            pool.shutdown(cancel_futures=True)

    def _sent(self, number: int, since: str) -> Outcome:
        """Put a record, and return what became of it.

        Raises what tells nothing of the record: that no answer came, that nobody may write now, or that nothing can be
        noted.
        """
        record = self.plan.records[number]
        started = time.monotonic()
        try:
            outcome = self._delivery.send(number, since) if record.written_lines else self._put(record)
        except (*_MAY_HAVE_ARRIVED, AcumaticaRateLimitError, AcumaticaConfigError):
            raise
        except AcumaticaError as error:
            if isinstance(error, AcumaticaAuthError) and not isinstance(error, AcumaticaPermissionError):
                raise
            self._denials.learn(record, error)
            outcome = self._failed(number, error)
        return replace(outcome, seconds=time.monotonic() - started)

    def _failed(self, number: int, error: AcumaticaError) -> Outcome:
        record = self.plan.records[number]
        return self._delivery.refused(number, error) if record.written_lines else failed(record, error)

    def _put(self, record: PlannedRecord) -> Outcome:
        if record.action == "delete":
            self.target.remove(str(record.id))
            return Outcome("deleted", record.key, record.id, is_verified=True)
        is_new = record.action == "create" and record.address.has_key
        answer = self.target.put(values_of(record), mode="insert" if is_new else "upsert")
        key = {name: cell(answer, name) or value for name, value in record.key.items()}
        return self._checked(record, Outcome(WRITTEN[record.action], key, answer.id or record.id), answer)

    def _checked(self, record: PlannedRecord, outcome: Outcome, answer: Record) -> Outcome:
        discarded, altered = compared(record.changes, lambda column: cell(answer, column))
        del altered  # an answer leaves out linked entities; the reading back tells
        seen = {column: now for column, now in discarded.items() if now is not None}
        return replace(outcome, status="discarded", discarded=seen) if seen else outcome

    def _verify(self, numbers: Sequence[int]) -> None:
        """Read records back and note what the ERP did not take, or took in another form."""
        written = [n for n in numbers if _is_written(self.outcomes[n])]
        if not self.verify or not written:
            return
        sent = [_as_sent(self.plan.records[n], self.outcomes[n]) for n in written]
        there = Fates(self.target, self.plan).current(sent)
        lines = read_lines(self.target, sent)
        for number, record, row, rows in zip(written, sent, there, lines, strict=True):
            verified = _verified(self.outcomes[number], record, row)
            if record.written_lines and row is not None:
                verified = lines_verified(verified, record, rows, self._delivery.known(number))
            self.outcomes[number] = verified
        self.journal.settle({number: self.outcomes[number] for number in written})

    def _settle(self, number: int, outcome: Outcome) -> None:
        self.outcomes[number] = outcome
        self._claimed.add(outcome.id or "")
        if outcome.status != "unknown":  # one of unknown fate stays noted, to be looked up again
            self.journal.settle({number: outcome})
        self.advance(1)


def _verified(outcome: Outcome, record: PlannedRecord, row: Mapping[str, object] | None) -> Outcome:
    if row is None:
        unread = {"": "the ERP answered well, but the record cannot be read back"}
        return replace(outcome, errors=unread | dict(outcome.errors))
    discarded, altered = compared(record.changes, row.get)
    status = outcome.status
    if outcome.is_settled:
        status = "discarded" if discarded else WRITTEN[record.action]
    return replace(outcome, status=status, discarded=discarded, altered=altered, is_verified=True)


def _is_written(outcome: Outcome) -> bool:
    """Tell whether a record is there to be read back, as a whole or with some of its lines."""
    return outcome.status in ("created", "updated", "discarded") or outcome.lines_written > 0


def _as_sent(record: PlannedRecord, outcome: Outcome) -> PlannedRecord:
    """Return what was written of a record, with the key and the id that it has now."""
    lines = record.written_lines[: outcome.lines_written or None]
    return replace(record, key=outcome.key, id=outcome.id, lines=lines)
