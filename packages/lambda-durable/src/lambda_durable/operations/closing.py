"""How a context ends, for every operation that is one: its outcome is kept, and found on replay."""

from collections.abc import Callable
from typing import Any, NamedTuple

from ..batching import size_over
from ..effects import Checkpoint, Enter, Flow
from ..errors import ChildContextError
from ..failures import error_object, kept_error, operation_error
from ..payloads import Codec, dump, load, read_back
from ..policies import ends_execution
from ..protocol import ErrorObject, Limits
from ..scope import Place


class Kept(NamedTuple):
    """The result of a context, and the payload it was read from."""

    value: Any
    text: str | None


async def outcome(
    here: Place, codec: Codec, run: Callable[[], Flow[Any]], *, durable: bool = True
) -> Kept:
    """Answer from the context's record, or `run` what is in it and keep how that ends.

    A result over 256 KiB is not kept: on replay `run` is called again, its operations answered
    from their records. A failure is a ChildContextError. With `durable=False` the end of the
    context travels with whatever is sent next.
    """
    record = here.record
    status = record["Status"] if record else None
    details = (record.get("ContextDetails") or {}) if record else {}
    if status == "SUCCEEDED":
        if not details.get("ReplayChildren"):
            text = details.get("Result")
            return Kept(await load(here, codec, text), text)
        return await through_payload(here, codec, await run())
    if status not in (None, "STARTED"):
        raise failed(here, kept_error(record, "ContextDetails"))
    if status is None:
        await Checkpoint(here.update("START"), durable=False)
    try:
        text = await dump(here, codec, await run())
        read = await read_back(here, codec, text)
    except Exception as error:
        if ends_execution(error):
            raise
        raise await fail(here, error, durable=durable)  # noqa: B904 - its cause is set
    await Checkpoint(here.update("SUCCEED", success(text)), durable=durable)
    return Kept(read[0] if read else await load(here, codec, text), text)


async def entered(
    here: Place, func: Callable[..., Any], args: tuple[Any, ...] = (), *, virtual: bool = False
) -> Any:
    """Run a function with a context of its own, inside the operation at `here`."""
    return await Enter(here.call("context"), func, here.inner_scope(virtual=virtual), args)


async def through_payload(here: Place, codec: Codec, value: Any) -> Kept:
    """Return a value as it is read from its payload, which is what every replay sees."""
    text = await dump(here, codec, value)
    return Kept(await load(here, codec, text), text)


def success(text: str, *, instead: str = "") -> dict[str, Any]:
    """Return the members of the SUCCEED of a context; one over 256 KiB keeps `instead`."""
    large = size_over(text, Limits.CHILD_RESULT_BYTES) is not None
    return {
        "Payload": instead if large else text,
        "ContextOptions": {"ReplayChildren": large},
    }


async def fail(here: Place, error: Exception, *, durable: bool = True) -> ChildContextError:
    """Close the context as failed, and return what to raise."""
    sent = error_object(error)
    record = await Checkpoint(here.update("FAIL", {"Error": sent}), durable=durable)
    return failed(here, kept_error(record, "ContextDetails") or sent, error)


def failed(
    here: Place, kept: ErrorObject | None, original: Exception | None = None
) -> ChildContextError:
    """Return the error of a context that failed, the same on its first run and on replay."""
    name = here.operation.name
    return operation_error(
        ChildContextError, kept, name=name, operation_id=here.id, original=original
    )
