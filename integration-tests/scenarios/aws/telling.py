"""A plan in words: every resource and policy of a run, and what it costs."""

import json
from collections.abc import Iterator

from aws.plan import Plan

COST = """\
What it costs: Lambda bills each invocation, its time at the functions' memory, each durable
operation, and the bytes that are written and kept; ECR the storage and CloudWatch the log, for as
long as the run lasts. The scenarios take seconds of compute on functions of at most 1 GB, so a run
is expected to cost some cents. Nothing that costs by the hour is made, and nothing remains; what a
run leaves behind if it is killed with SIGKILL is removed with --clean-up RUN."""


def lines(plan: Plan) -> Iterator[str]:
    """Tell what a run does, in order, as it would be done."""
    yield f"Run {plan.run} in account {plan.account}, region {plan.region}."
    yield "\nThe credentials have to allow:"
    yield json.dumps(plan.deployer_policy, indent=1)
    yield "\nThe functions' role allows:"
    yield json.dumps(plan.policy, indent=1)
    yield "\nMade, in this order:"
    yield str(plan.repository())
    for flavour in sorted({each.flavour for each in plan.functions}):
        yield f"docker push {plan.image(flavour)}"
    for call in plan.surroundings():
        yield str(call)
    for function in plan.functions:
        yield str(plan.function(function))
        yield str(plan.version(function))
    yield "\nRemoved at the end, also after a failure or Ctrl-C:"
    for call in plan.removals():
        yield str(call)
    yield f"\n{COST}"
