"""The ordered set of timers, against a plain dict."""

from hypothesis import given
from hypothesis import strategies as st

from lambda_durable_kernel.timers import TimerQueue

_SETS = st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 9))


@given(st.lists(_SETS | st.integers(0, 9)))
def test_it_gives_what_is_due_in_order(moves: list[tuple[str, int | None] | int]) -> None:
    queue: TimerQueue[str] = TimerQueue()
    times: dict[str, int] = {}
    for move in moves:
        if isinstance(move, int):
            key = queue.pop_due(move)
            due = [at for at in times.values() if at <= move]
            assert (key is None) == (not due)
            if key is not None:
                assert times.pop(key) == min(due)
        else:
            key, at = move
            queue.set(key, at)
            times.pop(key, None)
            if at is not None:
                times[key] = at
        assert queue.next_at() == min(times.values(), default=None)


def test_of_equal_times_the_first_that_was_set_comes_first() -> None:
    queue: TimerQueue[str] = TimerQueue()
    for key in "cab":
        queue.set(key, 1.0)
    queue.set("c", 1.0)  # the same again changes nothing
    assert [queue.pop_due(1.0) for _ in range(4)] == ["c", "a", "b", None]


def test_a_key_that_is_set_again_and_again_leaves_nothing_behind() -> None:
    queue: TimerQueue[str] = TimerQueue()
    queue.set("other", 500.0)
    for n in range(1000):
        queue.set("key", float(n))
    assert len(queue._heap) < 100
    assert queue.pop_due(998.0) == "other"
    assert queue.pop_due(999.0) == "key"
    assert queue.next_at() is None
