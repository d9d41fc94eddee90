"""How fast the service answers, as far as this process has seen."""

from typing import Final

_PROMPT_SECONDS: Final = 0.0005
"""An answer over a network takes longer, so this is a service in the same process: in a test."""


class Pace:
    """What the last two requests took; one of them alone may have been held up."""

    def __init__(self) -> None:
        self._least = self._last = float("inf")

    def note(self, seconds: float) -> None:
        """Note what a request took."""
        self._least = min(seconds, self._last)
        self._last = seconds

    @property
    def is_prompt(self) -> bool:
        """Whether requests take next to no time; False before the first one."""
        return self._least < _PROMPT_SECONDS


pace: Final = Pace()
"""That of this process: its invocations, one after the other, call the same service."""
