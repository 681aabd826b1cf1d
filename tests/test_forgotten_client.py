"""A script that closes neither its client nor its sandbox ends without a word, and frees its seat."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import atexit
from acudata import AcumaticaClient
from acudata.sandbox import Sandbox

box = Sandbox()
atexit.register(lambda: print("seats taken:", box.instance.signin.seats_taken))
box.start()
client = AcumaticaClient(box.url, box.username, box.password, box.tenant)
print("rows:", len(client.customers.to_frame(top=1)))
"""


def test_a_script_that_closes_nothing_ends_in_silence() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("rows: 1\nseats taken: 0\n", "")
