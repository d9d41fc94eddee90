"""Recordings: from a client or a service, in files, with what must not be in them taken out."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from recorded_programs import executed, order, recorded

from lambda_durable import DurableContext, durable_execution
from lambda_durable.errors import InvalidInputError
from lambda_durable_testing.recorded import Datum, Recording, redact_members, replay


class Paged:
    """What a boto3 client answers: pages, and points in time as datetimes."""

    def __init__(self, events: Sequence[dict[str, Any]], size: int) -> None:
        self.asked: list[dict[str, Any]] = []
        self._pages = [events[at : at + size] for at in range(0, len(events), size)]

    def get_durable_execution_history(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        number = int(asked.get("Marker", 0))
        answer: dict[str, Any] = {
            "Events": [_as_of_boto3(event) for event in self._pages[number]],
            "ResponseMetadata": {"HTTPStatusCode": 200},
        }
        if number + 1 < len(self._pages):
            answer["NextMarker"] = str(number + 1)
        return answer


def _as_of_boto3(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _as_of_boto3(item, name) for name, item in value.items()}
    return datetime.fromtimestamp(value / 1000, UTC) if key.endswith("Timestamp") else value


def test_pages_of_a_client_give_what_the_service_holds() -> None:
    simulation, arn = executed(order())
    client = Paged(simulation.service.events(arn), size=7)
    recording = Recording.from_client(client, arn)
    assert recording == Recording.from_service(simulation.service, arn)
    assert all(asked["IncludeExecutionData"] for asked in client.asked)
    assert len(client.asked) == -(-len(recording.events) // 7)
    assert recording.status == "SUCCEEDED"
    assert recording.name == f"order/{arn.split('/')[2]}"


def test_a_file_gives_the_same_recording(tmp_path: Path) -> None:
    recording = recorded(order(), {"greeting": "d\u00e9j\u00e0 vu \U0001f600"})
    recording.save(tmp_path / "one.json")
    assert Recording.load(tmp_path / "one.json") == recording
    text = (tmp_path / "one.json").read_text(encoding="utf-8")
    assert len(text.splitlines()) > len(recording.events), "one event per line"


def test_an_execution_that_runs_can_be_recorded() -> None:
    from lambda_durable_kernel import Simulation

    handler = order()
    simulation = Simulation(
        lambda _, event, told: handler.run_invocation(event, None, service=told.service)
    ).register("order")
    arn = simulation.start("order")
    simulation.settle()
    recording = Recording.from_service(simulation.service, arn)
    assert recording.status == "RUNNING"
    assert replay(handler, recording).passed
    assert replay(order("insert at the end"), recording).passed, "it has not come that far"
    assert not replay(order("rename"), recording).passed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "its member `format` is not"),
        ('{"format": "other"}', "its member `format` is not"),
        ('{"format": "lambda-durable-recording", "version": 2}', "reads version 1"),
        (
            '{"format": "lambda-durable-recording", "version": 1, "arn": "a", "events": []}',
            "does not begin with ExecutionStarted",
        ),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInputError, match=said):
        Recording.load(path)


def test_a_history_without_data_is_refused() -> None:
    simulation, arn = executed(order())
    events = simulation.service.history(arn, include_data=False, max_items=1000)["Events"]
    with pytest.raises(InvalidInputError, match="IncludeExecutionData=True"):
        Recording.from_events(arn, events)


def test_data_that_no_replay_needs_may_be_missing() -> None:
    simulation, arn = executed(order())
    *events, last = simulation.service.events(arn)
    cut = {**last, "ExecutionSucceededDetails": {"Result": {"Truncated": True}}}
    assert replay(order(), Recording.from_events(arn, [*events, cut])).passed


def test_every_text_goes_through_the_hook() -> None:
    def charge(card: str) -> None:
        raise ValueError(f"card {card} is refused")

    @durable_execution
    def handler(event: dict[str, str], ctx: DurableContext) -> str:
        ctx.step(lambda: {"card": event["card"]}, name="note")
        ctx.step(charge, event["card"])
        return "never"

    seen: list[Datum] = []

    def redact(text: str, datum: Datum) -> str:
        seen.append(datum)
        return text.replace("4242", "****")

    simulation, arn = executed(handler, {"card": "4242"})
    recording = Recording.from_service(simulation.service, arn, redact=redact)
    assert "4242" not in json.dumps(list(recording.events))
    assert {(each.event_type, each.field) for each in seen} >= {
        ("ExecutionStarted", "Input"),
        ("StepSucceeded", "Result"),
        ("StepFailed", "ErrorMessage"),
        ("ExecutionFailed", "ErrorMessage"),
    }
    assert replay(handler, recording).passed


def test_members_are_blanked_at_any_depth() -> None:
    hook = redact_members("card", "pin")
    where = Datum("StepSucceeded", "note", "Result")
    payload = '{"a": [{"card": {"number": "4242", "year": 29}}], "pin": [1, true], "b": "card"}'
    assert json.loads(hook(payload, where)) == {
        "a": [{"card": {"number": "redacted", "year": 0}}],
        "pin": [0, False],
        "b": "card",
    }
    assert hook("card 4242", where) == "card 4242"
    untouched = '{"b":  1}'
    assert hook(untouched, where) is untouched
