"""A faithful imitation of an Acumatica instance, served over real HTTP on loopback."""

from __future__ import annotations

from acudata.sandbox.faults import cut
from acudata.sandbox.server import Sandbox
from acudata.sandbox.settings import SandboxSettings

__all__ = ["Sandbox", "SandboxSettings", "cut"]
