"""Inquiries: entities that answer questions instead of listing records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acudata.errors import AcumaticaValidationError
from acudata.frames.decode import Decoder
from acudata.frames.dtypes import Decimals, DtypeBackend, to_pandas
from acudata.services.frames import FrameReading

if TYPE_CHECKING:
    import pandas as pd


class InquiryAnswering(FrameReading):
    """Asks inquiries and gives their answers as frames."""

    def inquire(
        self,
        *,
        table: str | None = None,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        **parameters: Any,
    ) -> pd.DataFrame:
        """Return the rows that an inquiry answers, with the dtypes of the schema.

        >>> client.account_summary_inquiries.inquire(Ledger="ACTUAL", Period="122024")
              Account AccountClass  BeginningBalance ...

        `parameters` are fields of the inquiry; `table` names its detail array where it has more than one. The answer
        comes whole: (Acumatica: a PUT with the parameters; an inquiry cannot be paged, and says nothing when a
        parameter that it needs is missing, but answers no rows.)

        Raises AcumaticaUnknownNameError for a parameter that the inquiry does not have.
        """
        import pyarrow as pa

        name = table or self._only_table()
        query = self._query(None, None, name, None)
        session, body = self._connection.session, self._body(parameters)
        reply = session.put(self._path, params=query.params, json=body, changes=False)
        page = Decoder({name: query.tables[name]}).decode(b"[" + reply.content + b"]")
        frame = to_pandas(
            pa.Table.from_batches([page.batches[name]]), dtype_backend=dtype_backend, decimals=decimals
        )
        asked = {parameter: str(value) for parameter, value in parameters.items()}
        invalid = {column: len(values) for column, values in page.invalid.items()}
        frame.attrs.update({"entity": self.name, **self._origin(), "parameters": asked, "invalid": invalid})
        return frame

    def _only_table(self) -> str:
        tables = list(self.entity.structure.details)
        if len(tables) != 1:
            way_out = (
                f"choose one with table={' or '.join(map(repr, tables))}"
                if tables
                else "read it with to_frame"
            )
            raise AcumaticaValidationError(
                f"{self.name} has {len(tables)} tables of rows.", suggestions=[way_out]
            )
        return tables[0]
