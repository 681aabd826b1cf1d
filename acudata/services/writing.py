"""Writing frames back: planned, looked at, applied."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, get_args
from urllib.parse import quote

from acudata.errors import AcumaticaNotFoundError, AcumaticaUnknownNameError
from acudata.frames.as_read import values_as_read
from acudata.frames.decode import Decoder
from acudata.frames.dtypes import check_choice
from acudata.frames.layout import Column
from acudata.queries import make_query
from acudata.questions import Question
from acudata.schema.kinds import is_stamp
from acudata.schema.paths import find
from acudata.services.frames import FrameReading
from acudata.services.records import RecordKeeping
from acudata.services.targets import EntityTarget
from acudata.writeback.changes import PlannedRecord
from acudata.writeback.columns import part_columns
from acudata.writeback.deletions import deletions
from acudata.writeback.document_planning import DocumentFrame, DocumentPlanning
from acudata.writeback.frames import parted
from acudata.writeback.identity import Mode, addresses_in
from acudata.writeback.line_columns import LineFrame, line_frame
from acudata.writeback.plan import Aim, WritePlan
from acudata.writeback.planning import Intent, OnConflict
from acudata.writeback.safeguards import check_deletions

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from acudata.writeback.applying import OnError
    from acudata.writeback.frames import Details
    from acudata.writeback.report import WriteReport


class PlanOptions(TypedDict, total=False):
    """Lists what a plan can be asked beside its frame; `Service.plan` explains each."""

    details: Details | None
    key: str | Iterable[str] | None
    mode: Mode
    clear_nulls: bool
    on_conflict: OnConflict


class FrameWriting(FrameReading, RecordKeeping):
    """Writes the rows of frames as records of the entity, no further than was shown."""

    def plan(
        self,
        frame: pd.DataFrame | Mapping[str, pd.DataFrame],
        *,
        details: Details | None = None,
        key: str | Iterable[str] | None = None,
        mode: Mode = "upsert",
        clear_nulls: bool = False,
        on_conflict: OnConflict = "show",
    ) -> WritePlan:
        """Return what writing a frame would change, cell by cell; nothing is written.

        >>> customers = client.customers.to_frame(select="CustomerID,CreditLimit", top=10)
        >>> customers.loc[0, "CreditLimit"] += 500
        >>> client.customers.plan(customers).summary()["update"]
        1

        Rows are matched with records by `id`, else by the entity's keys or the columns that `key` names. `mode` says
        what may become of them: "upsert" changes what is there and creates the rest, "update" only changes, "insert"
        only creates. Missing cells are left alone unless `clear_nulls`. In a frame that `to_frame` gave, only what was
        changed since is written, and a record that somebody else changed since is a conflict: shown, and written only
        with `on_conflict="overwrite"`.

        **Lines.** A frame of lines, as `to_frame(expand="Details")` gives it, or the frames that `to_frames` gives:

        >>> frames = client.sales_orders.to_frames(expand=["Details"], top=10)
        >>> frames["Details"].loc[0, "OrderQty"] = 12
        >>> client.sales_orders.plan(frames).summary()["line_update"]
        1

        `details` says which array a frame of lines is of, where it does not tell itself, or holds the frames of lines
        beside a frame of records. Lines belong to the record that they have the `id` of, else the keys. A line with its
        own id (`Details.id`), or `LineNbr`, is changed, one without is added, one that the frame does not have is left
        alone, and one with True in a column `delete` is deleted. Columns of the record in a frame of lines, such as
        `SalesOrder.Date`, say what becomes of the record, unless there is a frame of records; they have to be the same
        in all its lines. Lines of records that the ERP is to number have the same text after `<NEW>` in the key:
        `<NEW> 1`.

        All problems of all rows stand in the plan. Raises AcumaticaUnknownNameError that names every column which is
        no field, AcumaticaValidationError when nothing says which records the rows are.
        """
        check_choice("mode", mode, get_args(Mode))
        check_choice("on_conflict", on_conflict, get_args(OnConflict))
        target = self.as_target()
        intent = Intent(mode=mode, clear_nulls=clear_nulls, on_conflict=on_conflict)
        planning = DocumentPlanning(entity=self.entity, target=target, intent=intent, key=key)
        made_at = target.server_time()
        records, index, line_index, row_member = self._planned(planning, frame, details)
        return WritePlan(
            aim=target.aim,
            records=tuple(records),
            index=tuple(index),
            index_names=tuple(index.names),
            line_index={member: tuple(labels) for member, labels in line_index.items()},
            line_index_names={member: tuple(labels.names) for member, labels in line_index.items()},
            row_member=row_member,
            made_at=made_at,
            target=target,
        )

    def _planned(
        self,
        planning: DocumentPlanning,
        frame: pd.DataFrame | Mapping[str, pd.DataFrame],
        details: Details | None,
    ) -> tuple[list[PlannedRecord], pd.Index, dict[str, pd.Index], str | None]:
        """Return what becomes of the records, the labels of each frame's rows, and what array the first are of."""
        records, frames = parted(self._endpoint, self.entity, frame, details)
        lines = [self._line_frame(member, each) for member, each in frames.items()]
        line_index = {each.member: each.lines.index for each in lines}
        if records is None:
            (only,) = lines
            return planning.of_lines(only), only.lines.index, line_index, only.member
        part = self._document_frame(records, planning.key)
        planned = planning.of_frames(part, lines) if lines else planning.of_documents(part)
        return planned, records.index, line_index, None

    def _document_frame(self, frame: pd.DataFrame, key: str | Iterable[str] | None) -> DocumentFrame:
        frame = frame.set_axis([str(name) for name in frame.columns], axis="columns")
        names = list(frame.columns)
        structures, arrays = self._endpoint.structures, self.entity.structure.details
        fields = {name: structures[rows].fields for name, rows in arrays.items() if rows in structures}
        columns = part_columns(self.entity, self._known_columns(names), names, key=key, arrays=fields)
        return DocumentFrame(frame, columns, values_as_read(frame))

    def _line_frame(self, member: str, frame: pd.DataFrame) -> LineFrame:
        frame = frame.set_axis([str(name) for name in frame.columns], axis="columns")
        found = self._known_columns(list(frame.columns), member)
        place = find(self._endpoint, self.entity, tuple(member.split(".")))
        return line_frame(frame, member, place.structure, found)

    def put_frame(
        self,
        frame: pd.DataFrame | Mapping[str, pd.DataFrame],
        *,
        dry_run: bool = False,
        confirm_deletes: int | None = None,
        max_rows: int = 1000,
        on_error: OnError = "collect",
        concurrency: int = 1,
        verify: bool = True,
        progress: bool | None = None,
        **options: Unpack[PlanOptions],
    ) -> WriteReport | WritePlan:
        """Plan and apply in one call, for scripts; `dry_run=True` returns the plan and writes nothing.

        The options are those of `plan` and `WritePlan.apply`. Rows that the plan finds invalid or in conflict are not
        written, all others are; the report tells each.
        """
        plan = self.plan(frame, **options)
        if dry_run:
            return plan
        return plan.apply(
            max_rows=max_rows,
            on_error=on_error,
            concurrency=concurrency,
            verify=verify,
            confirm_deletes=confirm_deletes,
            progress=progress,
        )

    def delete_frame(
        self,
        frame: pd.DataFrame,
        *,
        confirm: int | None = None,
        key: str | Iterable[str] | None = None,
        dry_run: bool = False,
        on_error: OnError = "collect",
        progress: bool | None = None,
    ) -> WriteReport | WritePlan:
        """Delete the records of a frame's rows, given by `id`, the entity's keys or the columns of `key`.

        `confirm` is the number of records that are to go; any other number, and none, is refused. `dry_run=True`
        returns the plan and deletes nothing. Other columns of the frame do not count.
        """
        frame = frame.set_axis([str(name) for name in frame.columns], axis="columns")
        columns = part_columns(
            self.entity, self._known_columns(list(frame.columns)), list(frame.columns), key=key
        )
        target = self.as_target()
        made_at = target.server_time()
        current = target.current([column.name for column in columns.keys], addresses_in(frame, columns))
        plan = WritePlan(
            aim=target.aim,
            records=tuple(deletions(frame, columns, current)),
            index=tuple(frame.index),
            index_names=tuple(frame.index.names),
            made_at=made_at,
            target=target,
        )
        if dry_run:
            return plan
        check_deletions(plan, confirm, advice="delete_frame(frame, confirm={})")
        return plan.apply(max_rows=len(frame), confirm_deletes=confirm, on_error=on_error, progress=progress)

    def as_target(self) -> EntityTarget:
        """Return this service as plans use it."""
        endpoint, config = self._endpoint, self._connection.session.config
        fields = self.entity.structure.fields
        stamps = sorted(name for name, kind in fields.items() if is_stamp(name, kind))
        made = next((name for name in stamps if name.startswith(("Created", "LastModified"))), None)
        return EntityTarget(
            aim=Aim(
                base_url=config.base_url,
                tenant=config.tenant,
                endpoint=f"{endpoint.name}/{endpoint.version}",
                entity=self.name,
            ),
            journals=Path(config.cache_dir) / "journals",
            session=self._connection.session,
            read=self._read_table,
            look_up=self._look_up,
            write=self.put_entity,
            delete=self.delete_by_id,
            made=made,
        )

    def _read_table(self, question: Question) -> pa.Table:
        reading, table = self._one_table(question)
        return reading.to_tables()[table]

    def _look_up(self, question: Question, ids: Sequence[str]) -> pa.Table:
        """Return the table of those of some records, given by id, that are there."""
        import pyarrow as pa

        query = self._query_of(question)
        bodies = []
        for id_ in ids:
            with contextlib.suppress(AcumaticaNotFoundError):
                reply = self._connection.session.get(
                    f"{self._path}/{quote(id_, safe='')}", params=query.params
                )
                bodies.append(reply.content)
        name = query.only_table()
        page = Decoder({name: query.tables[name]}).decode(b"[" + b",".join(bodies) + b"]")
        return pa.Table.from_batches([page.batches[name]])

    def _known_columns(self, names: Sequence[str], member: str | None = None) -> dict[str, Column]:
        """Return the column behind each name that is one, of a frame of lines with `member`; others are left out."""
        known: dict[str, Column] = {}
        expand = member and member.replace(".", "/")
        for name in names:
            with contextlib.suppress(AcumaticaUnknownNameError):
                query = make_query(self._endpoint, self.entity, Question(columns=[name], expand=expand))
                table = query.tables[expand or self.name]
                known.update({column.name: column for column in table.columns if column.name in names})
        return known
