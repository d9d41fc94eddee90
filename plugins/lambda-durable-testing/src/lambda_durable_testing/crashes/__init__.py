"""Every crash tried: a workflow is run once for each point at which it can be cut off."""

from .exploring import CrashReport, crash_everywhere

__all__ = ["CrashReport", "crash_everywhere"]
