"""How fast acudata is, beside the client easy-acumatica, and beside what the bytes alone cost.

`python -m benchmarks` measures everything in one run and writes a table.
"""
