"""The operation behind `parallel` and `map`: a context whose branches run side by side."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, get_args

from lambda_durable.abc import Serializer
from lambda_durable.batches import BatchResult, Completion, Nesting
from lambda_durable.batching import size_over
from lambda_durable.checks import checked_name
from lambda_durable.effects import Checkpoint
from lambda_durable.errors import InvalidInputError
from lambda_durable.operations.closing import fail, failed
from lambda_durable.payloads import Codec, check_size, codec_for, dump, load, resolved_serializer
from lambda_durable.policies import ends_execution
from lambda_durable.protocol import Limits, OperationSubType, OperationType
from lambda_durable.scope import Place

from .branch import Branch
from .collecting import Collecting
from .completion import checked_completion
from .encoding import summary_of
from .restoring import restored
from .units import Unit


class Kind(NamedTuple):
    """What tells the two words apart at the service."""

    subtype: str
    branch_subtype: str
    prefix: str
    """What a branch without a name is called, before its index."""
    summary_type: str


PARALLEL = Kind(
    OperationSubType.PARALLEL, OperationSubType.PARALLEL_BRANCH, "parallel-branch", "ParallelResult"
)
MAP = Kind(OperationSubType.MAP, OperationSubType.MAP_ITERATION, "map-item", "MapResult")


class Work(Protocol):
    """What there is to do."""

    def take(self) -> list[Unit]:
        """Return the units in order; called once per invocation."""
        ...


class Batch:
    """Runs units side by side and returns a `BatchResult`, however they end.

    The batch succeeds even if all branches fail. It fails, with a ChildContextError, only if what
    it was told to call does (a completion function, a serializer for the whole, `summary`), or if
    a branch says that the program is wrong: a durable call where none is possible, an unknown name.
    """

    type = OperationType.CONTEXT

    def __init__(
        self,
        kind: Kind,
        work: Work,
        *,
        name: str | None = None,
        max_concurrency: int | None = None,
        completion: Completion | None = None,
        nesting: Nesting = "nested",
        serializer: Serializer | str | None = None,
        item_serializer: Serializer | str | None = None,
        summary: Callable[[BatchResult[Any]], str] | None = None,
    ) -> None:
        self.subtype: str | None = kind.subtype
        self.name = checked_name(name)
        self.kind = kind
        self.work = work
        self.max_concurrency = _checked_concurrency(max_concurrency)
        self.completion = checked_completion(completion)
        if nesting not in get_args(Nesting):
            choices = " or ".join(map(repr, get_args(Nesting)))
            raise InvalidInputError(f"nesting must be {choices}, not {nesting!r:.80}")
        if summary is not None and not callable(summary):
            raise InvalidInputError(
                f"summary must be a function of the BatchResult, not {summary!r:.80}"
            )
        self.flat = nesting == "flat"
        self.serializer = serializer
        self.item_serializer = item_serializer
        self.summary = summary
        self._units: list[Unit] | None = None

    async def flow(self, here: Place, /) -> BatchResult[Any]:
        """Answer from the record, or run the branches and keep how they ended."""
        codec = self._codec(here)
        units = self._taken()
        record = here.record
        status = record["Status"] if record else None
        details = (record.get("ContextDetails") or {}) if record else {}
        if status == "SUCCEEDED":
            return await restored(here, self, units, codec, details)
        if status not in (None, "STARTED"):
            raise failed(here, details.get("Error"))
        if status is None:
            await Checkpoint(here.update("START"), durable=False)
        try:
            batch, members = await self._carry_out(here, units, codec, resumed=status is not None)
        except Exception as error:
            if ends_execution(error):
                raise
            raise await fail(here, error)  # noqa: B904 - its cause is set
        await Checkpoint(here.update("SUCCEED", members))
        return batch

    def branch(self, index: int, unit: Unit) -> Branch:
        """Return the operation of one branch."""
        return Branch(
            unit,
            self.kind.branch_subtype,
            unit.name or f"{self.kind.prefix}-{index}",
            serializer=self.item_serializer,
            virtual=self.flat,
        )

    async def _carry_out(
        self, here: Place, units: list[Unit], codec: Codec | None, *, resumed: bool
    ) -> tuple[BatchResult[Any], dict[str, Any]]:
        """Run the branches; return the result and the members of the batch's SUCCEED."""
        collecting = Collecting(here, self, units)
        batch = result = await collecting.to_the_end(resumed=resumed)
        if codec is None:
            text = collecting.payload.text(batch)
        else:
            text = whole = await dump(here, codec, batch)
            result = await load(here, codec, whole)
            if size_over(whole, Limits.CHILD_RESULT_BYTES) is not None:
                text = None
        if text is not None:
            return result, {"Payload": text, "ContextOptions": {"ReplayChildren": False}}
        text = summary_of(batch, self.kind.summary_type, self._summarized(batch))
        check_size(here, text)
        return result, {"Payload": text, "ContextOptions": {"ReplayChildren": True}}

    def _summarized(self, batch: BatchResult[Any]) -> str | None:
        if self.summary is None:
            return None
        text: Any = self.summary(batch)
        if not isinstance(text, str):
            raise InvalidInputError(f"summary must return a string, not {text!r:.80}")
        return text

    def _taken(self) -> list[Unit]:
        if self._units is None:
            self._units = self.work.take()
            check = getattr(self.completion, "check", None)
            if check is not None and self._units:
                check(len(self._units))
        return self._units

    def _codec(self, here: Place) -> Codec | None:
        """Return how the batch is written as a whole, None for its own form; check the names."""
        if self.item_serializer is not None:
            resolved_serializer(here, self.item_serializer)
        return None if self.serializer is None else codec_for(here, self.serializer, BatchResult)


def _checked_concurrency(value: int | None) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidInputError(
            f"max_concurrency must be a whole number of at least 1, not {value!r:.80}; None lets "
            "all branches run at once"
        )
    return value
