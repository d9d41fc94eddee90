"""What becomes of the official SDK's handlers: `function, event, result, history`.

A result is the execution's, or an exception with the message it fails with. A history is written
in short: `step>` is started, `step+` succeeded, `step!` failed, `callback?` timed out, and `.` the
end of an invocation; the execution's own first and last event are left out. None is any history.
"""

from typing import Any

STEPS: list[tuple[str, Any, Any, str | None]] = [
    ("greets", "World", "Hello, World!", "step> step+ ."),
    ("greets_by_name", "World", "Hello, World!", "step> step+ ."),
    (
        "describes",
        {"name": "Ada", "tags": ["a", "b"]},
        {"user": {"name": "Ada", "tags": ["a", "b"]}, "count": 2},
        "step> step+ .",
    ),
    ("returns_nothing", None, None, "step> step+ ."),
    ("computes_and_waits", None, "computed", "step> step+ wait> . wait+ ."),
    ("fails_and_waits", None, "StepError: no", "step> step! wait> . wait+ ."),
    ("retries_once", None, "Operation succeeded", "step> step! . step> step+ ."),
    (
        "retries_as_the_sdk_does",
        None,
        "Operation succeeded",
        "step> step! . step> step! . step> step+ .",
    ),
    ("backs_off", None, "Operation succeeded", "step> step! . step> step! . step> step+ ."),
    ("gives_up", None, Exception("not to be retried"), "step> step! ."),
    ("crashes_at_most_once", "x", Exception("was previously interrupted"), "step> . step! ."),
    ("fails", None, Exception("always"), "step> step! ."),
    ("falls_back", None, "fallback_result", "step> step! step> step+ ."),
    ("waits", None, None, "wait> . wait+ ."),
    ("waits_by_name", None, None, "wait> . wait+ ."),
    ("waits_a_minute", None, None, "wait> . wait+ ."),
    ("waits_an_hour", None, None, "wait> . wait+ ."),
]

CHILDREN: list[tuple[str, Any, Any, str | None]] = [
    ("step_in_child", "in", "in", "context> step> step+ context+ ."),
    ("child_by_name", {"name": "n", "value": "v"}, "v", "context> step> step+ context+ ."),
    ("child_fails", None, Exception("no"), "context> step> step! context! ."),
    ("child_failure_is_caught", "in", "in", "context> step> step! context! step> step+ ."),
    ("child_retries", "in", "in", "context> step> step! . step> step+ context+ ."),
    ("child_gives_up", None, Exception("always"), "context> step> step! . step> step! context! ."),
    ("child_waits", "in", "in", "context> step> step+ wait> . wait+ context+ ."),
    ("large_child", "in", 300_000, "context> step> step+ context+ wait> . wait+ ."),
    ("child_waits_alone", "in", "in", "context> wait> . wait+ context+ step> step+ ."),
    ("child_in_capitals", "in", "IN", "context> step> step+ context+ ."),
    ("child_of_nothing", None, None, "context> context+ ."),
    ("child_logs", "in", "in", "context> context+ wait> . wait+ ."),
]

INVOKES: list[tuple[str, Any, Any, str | None]] = [
    ("invokes", "in", "in", "invoke> . invoke+ ."),
    ("invokes_by_name", {"name": "n", "payload": "p"}, "p", "invoke> . invoke+ ."),
    ("invokes_with_nothing", "in", None, "invoke> . invoke+ ."),
    ("invokes_what_fails", "in", Exception("the target fails"), "invoke> . invoke! ."),
    ("invokes_with_much", None, 200_000, "invoke> . invoke+ ."),
    ("invokes_for_a_tenant", {"tenantId": "t", "payload": "p"}, "p", "invoke> . invoke+ ."),
    ("invokes_a_plain_function", 1, {"plain": 1, "tenant": "blue"}, "invoke> . invoke+ ."),
    ("invoke_failure_is_caught", None, "the target fails", "invoke> . invoke! wait> . wait+ ."),
    ("step_then_invoke", None, {"from": "step"}, "step> step+ invoke> . invoke+ ."),
    ("invokes_in_child", None, "child", "context> invoke> . invoke+ context+ ."),
    ("invokes_twice", None, ["first", "second"], "invoke> . invoke+ invoke> . invoke+ ."),
    ("invoke_in_capitals", "in", '"IN"', "invoke> . invoke+ ."),
]

CONDITIONS: list[tuple[str, Any, Any, str | None]] = [
    ("polls", 3, 3, "step> step+ . step> step+ . step> step+ ."),
    ("polls_once", 5, 5, "step> step+ ."),
    ("polls_from_five", 7, 7, "step> step+ . step> step+ ."),
    ("polls_every_other_second", 2, 2, "step> step+ . step> step+ ."),
    ("poll_fails", None, Exception("cannot check"), "step> step! ."),
    ("poll_failure_is_caught", None, "recovered", "step> step! ."),
    ("polls_nothing", None, None, "step> step+ ."),
    ("polls_backwards", None, "xx", "step> step+ . step> step+ ."),
    ("polls_twice", None, 4, "step> step+ . step> step+ step> step+ . step> step+ ."),
]

ITEM, FAILED = " context> context+", " context> context!"
STEP_ITEM = " context> step> step+ context+"


def batch(items: str, rest: str = "") -> str:
    """Return the history of a map or parallel."""
    return f"context>{items} context+{rest} ."


def ended(reason: str, succeeded: int, failed: int, status: str | None = None) -> dict[str, Any]:
    """Return what handlers tell of a batch."""
    counts = {"successCount": succeeded, "failureCount": failed, "totalCount": succeeded + failed}
    return {"completionReason": reason, **({"status": status} if status else {}), **counts}


TOO_MANY, ALL = "FAILURE_TOLERANCE_EXCEEDED", "ALL_COMPLETED"
QUORUM = {"completionReason": "MIN_SUCCESSFUL_REACHED", "successCount": 2, "totalCount": 2}

PARALLEL: list[tuple[str, Any, Any, str | None]] = [
    ("parallel_steps", None, ["task-1", "task-2"], batch(STEP_ITEM * 2)),
    ("parallel_without_name", None, ["alpha", "beta"], batch(ITEM * 2)),
    ("parallel_types", None, ["hello", 42, {"k": "v"}], batch(ITEM * 3)),
    ("parallel_of_none", None, [], batch("")),
    ("parallel_rethrows", None, Exception("a branch fails"), batch(FAILED)),
    ("parallel_until_two", None, QUORUM, batch(ITEM * 2)),
    ("parallel_tolerates_one", None, ended(TOO_MANY, 0, 2), batch(FAILED * 2)),
    ("parallel_at_once", None, ["r0", "r1", "r2"], None),
    ("parallel_tolerates_a_quarter", None, ended(TOO_MANY, 0, 2), batch(FAILED * 2)),
    (
        "parallel_with_a_wait",
        None,
        ["b0", "b1"],
        batch(f"{STEP_ITEM} context> wait> . wait+ context+"),
    ),
    ("parallel_all_fail", None, ended(ALL, 0, 3, "FAILED"), batch(FAILED * 3)),
    ("parallel_misses_its_aim", None, ended(ALL, 2, 1, "FAILED"), batch(ITEM + FAILED + ITEM)),
    ("parallel_of_bad_width", None, Exception("max_concurrency must be at least 1"), "."),
    (
        "parallel_counts",
        None,
        {"hasFailure": True, "successCount": 2, "failureCount": 1, "errorCount": 1},
        batch(ITEM + FAILED + ITEM),
    ),
    ("parallel_at_its_tolerance", None, ended(ALL, 3, 1, "FAILED"), batch(FAILED + ITEM * 3)),
]

MAPS: list[tuple[str, Any, Any, str | None]] = [
    ("maps_steps", ["a", "b"], ["Hello, a!", "Hello, b!"], batch(STEP_ITEM * 2)),
    ("maps_without_name", [1, 2], [2, 4], batch(ITEM * 2)),
    ("maps_none", [], [], batch("")),
    ("maps_until_a_failure", None, ended(TOO_MANY, 1, 1, "FAILED"), batch(ITEM + FAILED)),
    ("maps_until_two", None, QUORUM, batch(ITEM * 2)),
    ("maps_and_tolerates_one", None, ended(ALL, 2, 1, "FAILED"), batch(ITEM + FAILED + ITEM)),
    ("maps_and_tolerates_a_quarter", None, ended(TOO_MANY, 0, 2), batch(FAILED * 2)),
    ("maps_at_once", None, ["r0", "r1", "r2"], None),
    ("maps_named_items", [1, 2], [10, 20], batch(ITEM * 2)),
    ("maps_marked_items", None, ["X", "Y"], batch(ITEM * 2)),
    ("maps_large_items", None, {"successCount": 4, "totalCount": 4}, batch(ITEM * 4)),
    ("maps_and_waits", None, ["A", "B"], batch(ITEM * 2, " wait> . wait+")),
    ("maps_joined", None, ["X", "Y"], batch(ITEM * 2)),
    ("maps_joined_and_waits", None, ["X", "Y"], batch(ITEM * 2, " wait> . wait+")),
]

OBSERVED: list[tuple[str, Any, Any, str | None]] = [
    ("observed_step", "World", "Hello, World!", "step> step+ ."),
    ("observed_by_a_faulty_one", "World", "Hello, World!", "step> step+ ."),
    ("observed_by_two", "World", "Hello, World!", "step> step+ ."),
    ("observed_by_a_faulty_and_a_healthy_one", "World", "Hello, World!", "step> step+ ."),
    ("observed_failure", None, Exception("always"), "step> step! ."),
    ("observed_wait", None, None, "wait> . wait+ ."),
    ("observed_child", "World", "Hello, World!", "context> step> step+ context+ ."),
    ("observed_retry", None, "Operation succeeded", "step> step+ step> step! . step> step+ ."),
    ("observed_results", None, Exception("boom"), "step> step+ step> step! ."),
]

# Callbacks that nobody completes: time passes.
TIMED_OUT: list[tuple[str, Any, Any, str | None]] = [
    (
        "callback_heart_stops",
        "a",
        Exception("timed out on heartbeat"),
        "callback> . callback? .",
    ),
    (
        "callback_times_out",
        "a",
        Exception("Callback timed out"),
        "callback> step> step+ . callback? .",
    ),
    (
        "callback_times_out_in_wait",
        "a",
        Exception("Callback timed out"),
        "callback> wait> . callback? . wait+ .",
    ),
    (
        "callback_time_out_is_caught",
        "a",
        "Callback timed out",
        "callback> . callback? wait> . wait+ .",
    ),
    (
        "waits_for_callback_in_time",
        "a",
        Exception("Callback timed out"),
        "context> callback> step> step+ . callback? context! .",
    ),
    (
        "submitter_fails",
        "a",
        Exception("cannot submit"),
        "context> callback> step> step! . step> step! context! .",
    ),
    (
        "callback_time_out_is_handled",
        "a",
        "timed-out-handled",
        "context> callback> step> step+ . callback? context! .",
    ),
]

# Callbacks, with what is sent to them in this order: a payload, an error, or a heartbeat.
REFUSED = Exception("not approved")
BEAT = "heartbeat"
IN_CONTEXT = "context> callback> step> step+ . callback+ context+ ."

CALLBACKS: list[tuple[str, Any, dict[str, list[Any]], Any, str | None]] = [
    ("callback", "a", {"a": [b"yes"]}, "yes", "callback> . callback+ ."),
    ("callback_for_approval", None, {"approval": [b"yes"]}, "yes", "callback> . callback+ ."),
    ("callback_heart_beats", "a", {"a": [BEAT, b"yes"]}, "yes", "callback> . callback+ ."),
    ("callback_then_step", "a", {"a": [REFUSED]}, REFUSED, "callback> step> step+ . callback! ."),
    # Before or after the end of the wait.
    ("callback_then_wait", "a", {"a": [REFUSED]}, REFUSED, None),
    (
        "callback_failure_is_caught",
        "a",
        {"a": [REFUSED]},
        "not approved",
        "callback> . callback! wait> . wait+ .",
    ),
    (
        "callback_of_a_number",
        "a",
        {"a": [b"42"]},
        {"count": 42, "doubled": 84},
        "callback> . callback+ .",
    ),
    (
        "callback_after_callback",
        ["a", "b"],
        {"a": [b"1"], "b": [b"2"]},
        ["1", "2"],
        "callback> . callback+ callback> . callback+ .",
    ),
    ("waits_for_callback", "a", {"a create callback id": [b"yes"]}, "yes", IN_CONTEXT),
    ("waits_for_approval", None, {"approval create callback id": [b"yes"]}, "yes", IN_CONTEXT),
    (
        "waits_for_callback_in_child",
        "a",
        {"a create callback id": [b"yes"]},
        "yes",
        "context> context> callback> step> step+ . callback+ context+ context+ .",
    ),
    (
        "waits_for_callback_after_all",
        "a",
        {"a create callback id": [b"yes"]},
        "yes",
        "wait> . wait+ step> step+ " + IN_CONTEXT,
    ),
    (
        "waits_for_callback_of_json",
        "a",
        {"a create callback id": [b'{"status": "approved"}']},
        "approved",
        IN_CONTEXT,
    ),
    (
        "waits_for_callback_heart_beats",
        "a",
        {"a create callback id": [BEAT, b"yes"]},
        "yes",
        IN_CONTEXT,
    ),
]
