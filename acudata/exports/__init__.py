"""Sinks of Arrow batches; they know no client."""
