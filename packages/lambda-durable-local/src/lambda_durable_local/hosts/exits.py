"""How a process ended, in Lambda's words."""

import signal


def exit_reason(code: int) -> str:
    """Return the reason for an exit code, which is negative for a signal."""
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    name = signal.strsignal(-code) or f"signal {-code}"
    return f"Runtime exited with error: signal: {name.lower()}"
