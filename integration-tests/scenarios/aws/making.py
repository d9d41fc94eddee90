"""Makes what a plan says, and removes it."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError
from targets.base import Tell

from aws.calls import Call, Clients
from aws.plan import Plan

_ROLE_SECONDS = 120.0
"""How long it may take until a new role can be assumed everywhere."""


class LeftOverError(Exception):
    """Says what could not be removed, and how to try again."""


class TakenError(Exception):
    """Says that another run has the name of this one."""


def make_functions(plan: Plan, clients: Clients, tell: Tell) -> dict[str, str]:
    """Make role, log group, functions and versions; return the versions' ARNs by function."""
    for call in plan.surroundings():
        clients.make(call)
    for function in plan.functions:
        _once_assumable(clients, plan.function(function))
    tell(f"{len(plan.functions)} functions made, in the role and with the log group {plan.name}")
    functions = clients.client("lambda")
    versions: dict[str, str] = {}
    for function in plan.functions:
        name = plan.function_name(function.name)
        functions.get_waiter("function_active_v2").wait(FunctionName=name)
        published = clients.make(plan.version(function))
        version = published["Version"]
        waiter = functions.get_waiter("published_version_active")
        waiter.wait(FunctionName=name, Qualifier=version)
        versions[function.name] = published["FunctionArn"]
    return versions


def remove(plan: Plan, clients: Clients) -> None:
    """Stop what runs and remove everything; LeftOverError if something could not be.

    What a failure concerns does not keep the rest from being removed.
    """
    failures = [*_stop_all(plan, clients)]
    failures += [
        failure
        for call in plan.removals()
        if (failure := clients.make_unless_gone(call)) is not None
    ]
    if failures:
        raise LeftOverError(
            f"of run {plan.run}, this could not be done:\n" + "\n".join(failures) + "\nTry again "
            f"with: nox -s integration -- --target aws --clean-up {plan.run}"
        )


@contextmanager
def removed_at_the_end(plan: Plan, clients: Clients, tell: Tell) -> Iterator[None]:
    """Make the repository, and remove everything when the block ends, however it ends.

    SIGKILL alone leaves something behind. Raise TakenError, and remove nothing, if there is a
    repository of that name: what is there then belongs to another run.
    """
    taken = False
    with _ended_by(signal.SIGTERM):
        try:
            try:
                clients.make(plan.repository())
            except ClientError as error:
                taken = error.response["Error"]["Code"] == "RepositoryAlreadyExistsException"
                if taken:
                    raise TakenError(
                        f"there is a run {plan.run} already: give another --run-name, or remove "
                        f"what it has left with --clean-up {plan.run}"
                    ) from None
                raise
            yield
        finally:
            if not taken:
                with _undisturbed():
                    remove(plan, clients)
                    tell(f"run {plan.run} is removed")


def _stop_all(plan: Plan, clients: Clients) -> Iterator[str]:
    """Stop the executions that run: those of a function that is gone cannot be asked about."""
    for function in plan.functions:
        if not function.durable:
            continue
        name = plan.function_name(function.name)
        try:
            pages = clients.executions.get_paginator("list_durable_executions_by_function")
            for page in pages.paginate(FunctionName=name, Statuses=["RUNNING"]):
                for each in page["DurableExecutions"]:
                    arn = each["DurableExecutionArn"]
                    clients.executions.stop_durable_execution(DurableExecutionArn=arn)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                yield f"executions of {name}: {error}"
        except BotoCoreError as error:
            yield f"executions of {name}: {error}"


def _once_assumable(clients: Clients, call: Call) -> None:
    """Make a function, as soon as Lambda may assume its new role."""
    until = time.monotonic() + _ROLE_SECONDS
    while True:
        try:
            clients.make(call)
        except ClientError as error:
            if "assumed" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(2)
        else:
            return


@contextmanager
def _ended_by(number: int) -> Iterator[None]:
    """End the block by KeyboardInterrupt when a signal comes that would end the process."""

    def interrupt(received: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    with _handled(number, interrupt):
        yield


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let neither Ctrl-C nor SIGTERM end the block."""
    with _handled(signal.SIGINT, signal.SIG_IGN), _handled(signal.SIGTERM, signal.SIG_IGN):
        yield


@contextmanager
def _handled(
    number: int, handler: Callable[[int, FrameType | None], None] | signal.Handlers
) -> Iterator[None]:
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)
