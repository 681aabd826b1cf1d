"""Applies a saved plan in a process of its own, which can be killed; tells the statuses of the report as JSON."""

from __future__ import annotations

import json
import sys

from acudata import AcumaticaClient
from acudata.writeback import delivery
from acudata.writeback.plan import WritePlan


def main(connection: str, path: str, options: str) -> None:
    """Apply the plan that a file holds, which tells its entity; the option `piece` is how many lines go together."""
    told = json.loads(options)
    delivery.PIECE = told.pop("piece", delivery.PIECE)
    plan = WritePlan.load(path)
    with AcumaticaClient(auto_load_env=False, **json.loads(connection)) as client:
        report = plan.apply(client[plan.aim.entity], **told)
    sys.stdout.write(json.dumps([[outcome.status, outcome.id] for outcome in report.outcomes]))


if __name__ == "__main__":
    main(*sys.argv[1:])
