"""Runs the command line: `python -m acudata`."""

import sys

from acudata.cli import main

if __name__ == "__main__":
    sys.exit(main())
