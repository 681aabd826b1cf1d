"""What actions do to their records, as a table.

An action that the contract names but this table does not is accepted and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from acudata.sandbox.envelopes import server_error
from acudata.sandbox.records import Record, Scalar

WRONG_STATUS = "{caption} cannot be processed: document Status is invalid for processing."
ON_HOLD = "Document is On Hold and cannot be released."


@dataclass(frozen=True, slots=True)
class Effect:
    """Tells what an action sets, and in which statuses it may run.

    `allowed` is empty when any status will do. `dialog` names custom parameters, as view and field, and the field
    of the record that takes each.
    """

    sets: Mapping[str, Scalar] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    needs_off_hold: bool = False
    dialog: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def apply(self, record: Record, answers: Mapping[tuple[str, str], Scalar], caption: str) -> None:
        """Change a record; raise the `Fault` that tells why it must not be changed.

        Args:
            record: the record, which the caller keeps if nothing is raised.
            answers: the custom parameters by view and field.
            caption: what messages call the record.
        """
        self._check(record, caption)
        record.values.update(self.sets)
        for place, name in self.dialog.items():
            if place in answers:
                record.values[name] = answers[place]

    def _check(self, record: Record, caption: str) -> None:
        status = record.values.get("Status")
        if self.needs_off_hold and (record.values.get("Hold") is True or status == "On Hold"):
            raise server_error(ON_HOLD)
        if self.allowed and status is not None and status not in self.allowed:
            raise server_error(WRONG_STATUS.format(caption=caption))


def _release(status: str, *, allowed: tuple[str, ...] = ("Balanced", "Pending Print", "Printed")) -> Effect:
    return Effect({"Status": status, "Hold": False}, allowed, needs_off_hold=True)


def _to(status: str, *allowed: str) -> Effect:
    return Effect({"Status": status}, allowed)


_APPROVE = Effect({"Approved": True})

EFFECTS: Mapping[str, Mapping[str, Effect]] = {
    "SalesOrder": {
        "CancelSalesOrder": _to(
            "Canceled", "On Hold", "Open", "Credit Hold", "Back Order", "Pending Approval"
        ),
        "ReopenSalesOrder": Effect(
            {"Status": "Open", "Hold": False}, ("Open", "Canceled", "Completed", "Back Order")
        ),
        "OpenSalesOrder": Effect({"Status": "Open", "Hold": False}),
        "ReleaseFromCreditHoldSalesOrder": Effect({"Status": "Open", "CreditHold": False}, ("Credit Hold",)),
        "SalesOrderCreateShipment": Effect(
            {"Status": "Shipping"}, ("Open", "Back Order"), needs_off_hold=True
        ),
    },
    "Shipment": {
        "ConfirmShipment": Effect({"Status": "Confirmed"}, ("Open",), needs_off_hold=True),
        "CorrectShipment": _to("Open", "Confirmed"),
        "PrepareInvoice": _to("Invoiced", "Confirmed"),
    },
    "SalesInvoice": {"ReleaseSalesInvoice": _release("Open"), "Release": _release("Open")},
    "Invoice": {"ReleaseInvoice": _release("Open"), "Release": _release("Open")},
    "Payment": {
        "ReleasePayment": _release("Open"),
        "Release": _release("Open"),
        "VoidPayment": _to("Voided", "Open", "Closed"),
    },
    "Bill": {"ReleaseBill": _release("Open"), "Release": _release("Open"), "Approve": _APPROVE},
    "Check": {
        "ReleaseCheck": _release("Closed"),
        "Release": _release("Closed"),
        "VoidCheck": _to("Voided", "Open", "Closed"),
    },
    "PurchaseReceipt": {"ReleasePurchaseReceipt": _release("Released", allowed=("Balanced",))},
    "JournalTransaction": {
        "ReleaseJournalTransaction": _release("Posted", allowed=("Balanced",)),
        "Release": _release("Posted", allowed=("Balanced",)),
    },
    "Case": {
        "Close": Effect({"Status": "Closed"}, dialog={("FilterPreview", "Reason"): "Reason"}),
        "ReleaseCase": _to("Released", "Closed"),
    },
    "Project": {
        "ActivateProject": Effect({"Status": "Active", "Hold": False}),
        "CompleteProject": _to("Completed", "Active"),
        "SuspendProject": _to("Suspended", "Active"),
        "CancelProject": _to("Canceled"),
        "HoldProject": Effect({"Status": "On Hold", "Hold": True}),
    },
    "ProjectTask": {
        "Activate": _to("Active"),
        "ActivateProjectTask": _to("Active"),
        "CompleteProjectTask": _to("Completed", "Active"),
        "CancelProjectTask": _to("Canceled"),
        "HoldProjectTask": _to("In Planning"),
    },
}
"""Entity, then action, then what it does; actions beside those of the contract belong to the form alone."""
