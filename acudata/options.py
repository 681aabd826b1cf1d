"""What options mean where the command line and `%acu` have the same ones."""

from __future__ import annotations

TO = "folder to write to, or an address such as s3://bucket/lake"
INCREMENTAL = "read only what changed since the last run"
COMPARE = "read everything, and write only what differs from the last run"
DELETES = "look for deleted records by their keys, and mark them in the column _deleted_at"
NO_CHILDREN = "leave out detail rows"
ON_UNOPTIMISED = (
    "what becomes of what the server cannot list: left out (default), read record by record, or an error"
)
DELETES_BY = ("keys",)
UNOPTIMISED = ("narrow", "by_key", "raise")
ENV_FILE = "file with the settings of the connection (default: .env, here or above)"
