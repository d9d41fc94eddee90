"""What a test is told when it cannot go on; all are AssertionErrors, so runners report failures."""

from lambda_durable.errors import DurableError


class ExecutionNotSucceededError(DurableError, AssertionError):
    """A result was asked of an execution that has none; the message shows its operations."""


class ExecutionBlockedError(DurableError, AssertionError):
    """The execution waits for something that never happens; the message says for what."""


class UnregisteredFunctionError(DurableError, AssertionError):
    """The handler invoked a function that the test has not registered."""


class UnknownStepError(DurableError, AssertionError):
    """A replaced step never ran, and a real one of nearly that name did."""


class TestStopped(BaseException):  # not an Exception: handlers must not catch it
    """Ends an invocation because the test itself cannot go on; `error` is what the test gets."""

    __test__ = False  # nothing for pytest to collect

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error
