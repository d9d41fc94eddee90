"""Determinism: a workflow asks for the same operations whatever the clock and the hashes are."""

from .checking import NotDeterministicError, check_determinism

__all__ = ["NotDeterministicError", "check_determinism"]
