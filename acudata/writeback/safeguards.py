"""What has to hold before anything is written: the right place, the right tenant, and no more than was meant."""

from __future__ import annotations

from dataclasses import asdict

from acudata.errors import AcumaticaAuthError, AcumaticaValidationError
from acudata.writeback.plan import WritePlan
from acudata.writeback.target import Target


def check_aim(plan: WritePlan, target: Target) -> None:
    """Refuse a plan that was made for another place."""
    made_for, given = asdict(plan.aim), asdict(target.aim)
    other = [
        f"{name} {made_for[name]}, not {given[name]}" for name in made_for if made_for[name] != given[name]
    ]
    if other:
        raise AcumaticaValidationError(
            f"The plan was made for {'; '.join(other)}.",
            suggestions=["apply it there, or plan the frame here"],
        )


def check_extent(plan: WritePlan, *, max_rows: int, confirm_deletes: int | None) -> None:
    """Refuse to write more records than `max_rows`, and to delete without being told how many."""
    counted = plan.summary()
    total = sum(counted[action] for action in ("create", "update", "delete"))
    if total > max_rows:
        raise AcumaticaValidationError(
            f"The plan writes {total:,} records, more than max_rows={max_rows:,} allows.",
            suggestions=["look at plan.summary()", f"apply(max_rows={total}) if all of them are meant"],
        )
    check_deletions(plan, confirm_deletes, advice="apply(confirm_deletes={})")


def check_deletions(plan: WritePlan, confirmed: int | None, *, advice: str) -> None:
    """Refuse to delete without being told how many; `advice` is the call that tells it, with `{}` for the number."""
    counted = plan.summary()
    records, lines = counted["delete"], counted.get("line_delete", 0)
    if records + lines and records + lines != confirmed:
        told = [f"{records:,} records"] * bool(records) + [f"{lines:,} lines"] * bool(lines)
        raise AcumaticaValidationError(
            f"The plan deletes {' and '.join(told)}, which nothing brings back.",
            suggestions=[f"{advice.format(records + lines)} if all of them are meant"],
        )


def check_concurrency(concurrency: int) -> None:
    """Refuse to write less than one record at a time."""
    if concurrency < 1:
        raise AcumaticaValidationError(f"concurrency is {concurrency}; it is 1 at least.")


def check_tenant(target: Target) -> None:
    """Refuse to write where the session is in another tenant than the one that was asked for.

    (Acumatica: a sign-in that names a tenant can land in another one, and is answered like any other.)
    """
    wanted = target.aim.tenant
    if wanted is None:
        return
    landed = target.landed_tenant()
    if landed is None or landed.casefold() != wanted.casefold():
        where = f"in tenant {landed!r}" if landed else "in a tenant that it does not tell"
        raise AcumaticaAuthError(
            f"The session is {where}, not in {wanted!r}: nothing was written.",
            suggestions=[
                "sign in anew; a tenant that was made or renamed is known only after a restart of the site",
                "apply(check_tenant=False) if you know where you are",
            ],
        )
