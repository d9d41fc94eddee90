"""What every store must do: the kernel's contract, and executions that go on from what is kept."""

from typing import Any

from lambda_durable import DurableContext, durable_execution
from lambda_durable_kernel import Simulation, Store
from lambda_durable_kernel.contract import StoreContract


@durable_execution
def _program(event: dict[str, int], ctx: DurableContext) -> int:
    def branch(own: DurableContext, item: int) -> int:
        own.wait(5)
        return own.step(lambda: item * 2, name="double")

    total = sum(ctx.step(lambda: [event["items"]] * 3, name="load"))
    ctx.wait(60)
    doubled = ctx.run_in_child_context(lambda own: branch(own, total), name="child")
    answer = ctx.step(lambda: f"\u00fc{doubled}", name="text")
    ctx.wait(86_400)
    return len(answer) + doubled


class StoreKit(StoreContract):
    """The promises of a store.

    `make_store` returns an empty store, `reopen` the same store as a new process finds it.
    """

    def take_over(self, store: Store) -> Store:
        """Return the store as the next process has it, to be written; nobody uses `store` again."""
        return self.reopen(store)

    def test_executions_run_on_it(self) -> None:
        """An execution ends as it does in memory, with the same operations and events."""
        in_memory, kept = _simulation(None), _simulation(self.make_store())
        expected = in_memory.run("program", {"items": 7})
        found = kept.run("program", {"items": 7})
        assert found == expected
        assert kept.service.operations(found.arn) == in_memory.service.operations(found.arn)
        assert kept.service.events(found.arn) == in_memory.service.events(found.arn)

    def test_executions_go_on_from_it(self) -> None:
        """After each invocation a new service takes the store over, and goes on."""
        store = self.make_store()
        simulation = _simulation(store)
        arn, invocations = simulation.start("program", {"items": 7}), 0
        while not simulation.is_closed(arn):
            assert simulation.step(), "nothing is due, and the execution has not ended"
            invocations += len(simulation.invocations)
            store = self.take_over(store)
            simulation = _simulation(store, at=simulation.now)
        expected = _simulation(None).run("program", {"items": 7})
        assert simulation.outcome(arn).result == expected.result
        assert invocations == expected.invocations
        assert list(store.open_executions()) == []


def _simulation(store: Store | None, *, at: float = 1_700_000_000.0) -> Simulation:
    def host(_: str, event: Any, told: Any) -> Any:
        return _program.run_invocation(event, None, service=told.service)

    return Simulation(host, store=store, start_at=at).register("program")
