"""One branch of a batch: a function in a context whose outcome the batch collects."""

from typing import Any

from lambda_durable.abc import Serializer
from lambda_durable.effects import Flow
from lambda_durable.failures import error_object
from lambda_durable.operations.closing import Kept, entered, failed, outcome, through_payload
from lambda_durable.payloads import Codec, codec_for, return_type
from lambda_durable.policies import ends_execution
from lambda_durable.protocol import OperationType
from lambda_durable.scope import Place

from .units import Unit


class Branch:
    """The operation of one branch; a virtual one writes none and is run on every replay.

    Its result is what it returned and the payload of that; its error is a ChildContextError. Its
    end is not waited for at the service: it travels with what comes next.
    """

    __slots__ = ("begun", "name", "serializer", "subtype", "unit", "virtual")

    type = OperationType.CONTEXT

    def __init__(
        self,
        unit: Unit,
        subtype: str,
        name: str,
        *,
        serializer: Serializer | str | None,
        virtual: bool,
    ) -> None:
        self.unit = unit
        self.subtype: str | None = subtype
        self.name: str | None = name
        self.serializer = serializer
        self.virtual = virtual
        self.begun = False
        """Whether it was begun, by this invocation or an earlier one."""

    async def flow(self, here: Place, /) -> Kept:
        """Answer from the record, or run the function and note the outcome."""
        self.begun = True
        codec = self.codec(here)
        try:
            if self.virtual:
                return await through_payload(here, codec, await self._entered(here))
            return await outcome(here, codec, lambda: self._entered(here), durable=False)
        except Exception as error:
            if ends_execution(error) or getattr(error, "operation_id", None) == here.id:
                raise
            raise failed(here, error_object(error), error)  # noqa: B904 - its cause is set

    def codec(self, here: Place) -> Codec:
        """Return how the result of this branch is written."""
        return codec_for(here, self.serializer, return_type(self.unit.func))

    def _entered(self, here: Place) -> Flow[Any]:
        return entered(here, self.unit.func, self.unit.args, virtual=self.virtual)
