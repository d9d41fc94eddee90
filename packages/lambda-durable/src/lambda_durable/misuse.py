"""Says what is wrong with a durable call that cannot be made, and what to do instead."""

from .running import RUNNING, RunningScope


def misuse(call: str, scope: RunningScope, *, closed: bool) -> str:
    """Return the message for `call` on the context of `scope`, given where it was made."""
    current = RUNNING.get()
    if scope.execution.closed:
        return (
            f"{call} was called on a context whose invocation has ended; a context is good for one "
            "invocation, so do not keep it in a global or use it from a thread that lives on"
        )
    if current is None:
        return (
            f"{call} was called on a thread that Lambda Durable did not start, where the order of "
            "calls, and with it replay, would be left to chance; call it from the handler itself "
            "and start concurrent work with ctx.parallel or ctx.map"
        )
    if current.call.kind == "attempt":
        step = current.call.operation and current.call.operation.name
        return (
            f"{call} was called inside the body of the step {step!r}. A step's body is ordinary "
            "code that runs as a whole or not at all; make the call from the handler, or turn the "
            "step into ctx.run_in_child_context(...)"
        )
    if closed:
        return (
            f"{call} was called on the context of {scope.title} after its function had returned; "
            "use the context of the function that is running"
        )
    return (
        f"{call} was called on the context of {scope.title} inside {current.scope.title}; use the "
        "context that was passed to that function as its first argument"
    )
