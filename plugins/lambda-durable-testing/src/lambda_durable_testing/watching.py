"""What a runner sees and decides while functions run: bodies, checkpoints and log records."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any, Final, Protocol

from lambda_durable.effects import Call as CallEffect
from lambda_durable.protocol import CheckpointResponse, OperationUpdate, StatePage
from lambda_durable.scope import Place
from lambda_durable_kernel import Session
from lambda_durable_kernel.errors import InvalidParameterValueError
from lambda_durable_kernel.names import read_function_name
from lambda_durable_kernel.simulation import SimulatedInvocation

from .errors import TestStopped, UnregisteredFunctionError
from .results import Checkpoint
from .stand_ins import Call, StandIn

Send = Callable[[], CheckpointResponse]


class Conditions(Protocol):
    """Under what conditions invocations run: who goes on, and what goes wrong."""

    @property
    def fine(self) -> bool:
        """Whether turns may also pass between any two instructions of user code in threads."""
        ...

    def choose(self, count: int, frame: FrameType | None = None) -> int:
        """Return which of `count` branches goes on, from 0; 0 is the one that runs just now.

        Between two instructions, `frame` is the user's function.
        """
        ...

    def checkpoint(
        self, arn: str, updates: Sequence[OperationUpdate], send: Send
    ) -> CheckpointResponse:
        """Carry a checkpoint out with `send`, or let something go wrong."""
        ...

    def invocation(
        self, event: Any, told: SimulatedInvocation, run: Callable[[Any, Session], Any]
    ) -> Any:
        """Run an invocation with `run(event, told.service)` and return its output."""
        ...

    def body(self, call: Call) -> None:
        """Take note of a body that begins."""
        ...


class Calm:
    """Nothing goes wrong, and each branch runs until it waits."""

    fine = False

    def choose(self, count: int, frame: FrameType | None = None) -> int:
        """Let the branch that runs go on."""
        return 0

    def checkpoint(
        self, arn: str, updates: Sequence[OperationUpdate], send: Send
    ) -> CheckpointResponse:
        """Send the request."""
        return send()

    def invocation(
        self, event: Any, told: SimulatedInvocation, run: Callable[[Any, Session], Any]
    ) -> Any:
        """Run the invocation."""
        return run(event, told.service)

    def body(self, call: Call) -> None:
        """Let the body run."""


class Watch:
    """Drives the runtimes: replaces bodies, and notes which ran."""

    def __init__(self, steps: Mapping[str, StandIn], conditions: Conditions) -> None:
        self._steps = steps
        self._conditions = conditions
        self.calls: list[Call] = []
        self.choose = conditions.choose

    @property
    def fine(self) -> bool:
        """Whether turns may pass between any two instructions."""
        return self._conditions.fine

    def body(
        self, effect: CallEffect[Any], place: Place, *, is_async: bool
    ) -> CallEffect[Any] | None:
        """Return the call to make, of the body itself or of what stands in for it."""
        operation, attempt = effect.info.operation, effect.info.attempt
        if operation is None or attempt is None:
            return effect
        name = operation.name or ""
        call = Call(
            name,
            effect.arguments,
            attempt,
            operation.id,
            operation.execution_arn,
            bool(getattr(place.operation, "at_most_once", False)),
            place.path,
        )
        self.calls.append(call)
        self._conditions.body(call)
        stand_in = self._steps.get(name)
        if stand_in is None:
            return effect
        stand_in.calls.append(call)
        if stand_in.behaviour is None:
            return effect
        if stand_in.function is not None:
            return CallEffect(effect.info, stand_in.function, effect.arguments)
        return CallEffect(effect.info, _answer_async if is_async else _answer, (stand_in, call))


def _answer(stand_in: StandIn, call: Call) -> Any:
    assert stand_in.behaviour is not None, "only what is replaced is answered"
    return stand_in.behaviour(call)


async def _answer_async(stand_in: StandIn, call: Call) -> Any:
    return _answer(stand_in, call)


class Connection:
    """The service as one invocation sees it; requests are noted, and faults let in."""

    def __init__(
        self,
        session: Session,
        conditions: Conditions,
        functions: Mapping[str, StandIn],
        number: int,
        requests: list[Checkpoint],
    ) -> None:
        self.clock = session.clock
        self._session = session
        self._conditions = conditions
        self._functions = functions
        self._number = number
        self._requests = requests

    def checkpoint(
        self, execution_arn: str, token: str, updates: Sequence[OperationUpdate]
    ) -> CheckpointResponse:
        """Save the updates, all or none, and return what changed since the last answer."""
        for update in updates:
            if update["Type"] == "CHAINED_INVOKE":
                self._check_registered(update["ChainedInvokeOptions"]["FunctionName"])
        self._requests.append(Checkpoint(self._number, tuple(updates)))
        return self._conditions.checkpoint(
            execution_arn, updates, lambda: self._session.checkpoint(execution_arn, token, updates)
        )

    def get_state(self, execution_arn: str, token: str, marker: str) -> StatePage:
        """Return the page of the execution's operations that begins at `marker`."""
        return self._session.get_state(execution_arn, token, marker)

    def _check_registered(self, text: str) -> None:
        try:
            name = read_function_name(text).name
        except InvalidParameterValueError:
            return  # the service refuses it
        stand_in = self._functions.get(name)
        if stand_in is not None and stand_in.behaviour is not None:
            return
        known = ", ".join(sorted(self._functions)) or "none"
        raise TestStopped(
            UnregisteredFunctionError(
                f"the handler invoked {name!r}, which the test has not registered (registered: "
                f"{known}); say what answers: runner.function({name!r}).runs(handler_or_function), "
                ".returns(value) or .raises(error)"
            )
        )


def takes_context(function: Callable[..., Any]) -> bool:
    """Return whether a plain function takes Lambda's context too, not only an event."""
    try:
        inspect.signature(function).bind(None, None)
    except (TypeError, ValueError):
        return False
    return True


CALM: Final = Calm()
