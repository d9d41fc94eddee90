"""Checkpoints: what operations become, what the answer tells, and which token is good."""

from base64 import b64decode, b64encode

import pytest
from kernel_driver import NOW, Driver, callback, context, ids, step, update, wait

from lambda_durable_kernel import FunctionSpec, Retries, Settings
from lambda_durable_kernel.errors import InvalidParameterValueError

MS = int(NOW * 1000)


def test_start_and_close_in_one_batch_are_one_operation() -> None:
    driver = Driver()
    told = driver.send(step("START", Name="a", SubType="Step"), step("SUCCEED", Payload='"x"'))
    assert told == [
        {
            "Id": "1",
            "Type": "STEP",
            "Status": "SUCCEEDED",
            "Name": "a",
            "SubType": "Step",
            "StartTimestamp": MS,
            "EndTimestamp": MS,
            "StepDetails": {"Attempt": 1, "Result": '"x"'},
        }
    ]


def test_a_step_counts_the_attempts_that_have_ended() -> None:
    driver = Driver()
    (started,) = driver.send(step("START"))
    assert started["StepDetails"] == {"Attempt": 0}
    (pending,) = driver.send(step("RETRY", Error={"ErrorMessage": "no"}))
    assert pending["Status"] == "PENDING"
    assert pending["StepDetails"] == {
        "Attempt": 1,
        "Error": {"ErrorMessage": "no"},
        "NextAttemptTimestamp": MS + 5000,
    }
    driver.now += 5
    (ready,) = driver.send()
    assert ready["Status"] == "READY"
    assert ready["StepDetails"]["Attempt"] == 1
    (started,) = driver.send(step("START"))
    assert started["StepDetails"] == {"Attempt": 1, "Error": {"ErrorMessage": "no"}}
    (failed,) = driver.send(step("FAIL", Error={"ErrorMessage": "never"}))
    assert failed["StepDetails"] == {"Attempt": 2, "Error": {"ErrorMessage": "never"}}


def test_a_polling_state_is_kept_until_the_next_attempt() -> None:
    driver = Driver()
    driver.send(step("START"), step("RETRY", Payload="41"))
    driver.now += 5
    (ready,) = driver.send()
    (started,) = driver.send(step("START"))
    assert ready["StepDetails"]["Result"] == started["StepDetails"]["Result"] == "41"


def test_an_answered_operation_is_never_changed_afterwards() -> None:
    driver = Driver()
    (started,) = driver.send(step("START"))
    before = {**started, "StepDetails": dict(started["StepDetails"])}
    driver.send(step("SUCCEED", Payload="1"))
    assert started == before


def test_a_wait_ends_at_a_refresh_once_it_is_due() -> None:
    driver = Driver()
    (started,) = driver.send(wait(10))
    assert started["WaitDetails"] == {"ScheduledEndTimestamp": MS + 10_000}
    driver.now += 9.999
    assert driver.send() == []
    driver.now = NOW + 10
    (ended,) = driver.send()
    assert (ended["Status"], ended["EndTimestamp"]) == ("SUCCEEDED", MS + 10_000)
    assert driver.send() == []


def test_due_timers_are_told_with_any_checkpoint() -> None:
    driver = Driver()
    driver.send(wait(10))
    driver.now += 10
    told = driver.send(step("START", "2"))
    assert [(op["Id"], op["Status"]) for op in told] == [("1", "SUCCEEDED"), ("2", "STARTED")]


def test_timers_of_a_running_handler_are_left_until_it_asks() -> None:
    driver = Driver()
    driver.send(wait(10))
    driver.later(20)
    assert driver.operation()["Status"] == "STARTED"
    driver.send()
    assert driver.operation()["Status"] == "SUCCEEDED"


def test_a_wait_can_be_cancelled() -> None:
    driver = Driver()
    driver.send(wait(10))
    driver.send(update("WAIT", "CANCEL"))
    assert driver.operation()["Status"] == "CANCELLED"
    driver.now += 10
    assert driver.send() == []


def test_the_answer_tells_what_others_changed_in_between() -> None:
    driver = Driver()
    (op,) = driver.send(callback("c"))
    driver.service.succeed_callback(op["CallbackDetails"]["CallbackId"], "ok", now=driver.now)
    assert ids(driver.send(step("START", "s"))) == ["c", "s"]
    assert driver.send() == []


def test_each_token_is_good_once() -> None:
    driver = Driver()
    first = driver.token
    driver.send(step("START"))
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.service.checkpoint(driver.arn, first, [], now=driver.now)
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.service.get_state(driver.arn, first)
    driver.send(step("SUCCEED"))


def test_a_token_belongs_to_its_execution() -> None:
    driver = Driver()
    other = Driver(driver.service)
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.service.checkpoint(driver.arn, other.token, [], now=driver.now)


@pytest.mark.parametrize("token", ["", "x", "!"])
def test_what_is_no_token_is_refused(token: str) -> None:
    driver = Driver()
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.service.checkpoint(driver.arn, token, [], now=driver.now)


def test_a_token_ends_with_its_invocation() -> None:
    driver = Driver()
    driver.send(wait())
    driver.end()
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.send()
    stale = driver.token
    driver.later(10).begin()
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.service.checkpoint(driver.arn, stale, [], now=driver.now)


def test_an_unknown_execution_has_no_checkpoints() -> None:
    driver = Driver()
    with pytest.raises(InvalidParameterValueError, match="Invalid durable execution ARN"):
        driver.service.checkpoint("arn:x", driver.token, [], now=driver.now)


def test_the_same_client_token_gets_the_same_answer_once() -> None:
    driver = Driver()
    token = driver.token

    def send() -> object:
        return driver.service.checkpoint(
            driver.arn, token, [step("RETRY")], now=driver.now, client_token="ct"
        )

    first = send()
    events = driver.history()
    assert send() == first
    assert driver.history() == events
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.service.checkpoint(driver.arn, token, [], now=driver.now, client_token="other")


@pytest.mark.parametrize("client_token", ["", "a b", "x" * 65])
def test_not_everything_is_a_client_token(client_token: str) -> None:
    driver = Driver()
    with pytest.raises(InvalidParameterValueError, match="ClientToken"):
        driver.service.checkpoint(
            driver.arn, driver.token, [], now=driver.now, client_token=client_token
        )


def test_a_client_token_is_good_for_a_quarter_of_an_hour() -> None:
    driver = Driver()
    token = driver.token

    def send() -> object:
        return driver.service.checkpoint(
            driver.arn, token, [wait(1000)], now=driver.now, client_token="ct"
        )

    first = send()
    driver.end()
    driver.later(899)
    assert send() == first
    driver.later(1)
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        send()


def test_the_last_checkpoints_are_answered_again_and_no_more() -> None:
    driver = Driver()
    sent: list[tuple[str, str]] = []
    for number in range(11):
        sent.append((driver.token, f"ct{number}"))
        answer = driver.service.checkpoint(
            driver.arn, driver.token, [], now=NOW, client_token=f"ct{number}"
        )
        driver.token = answer["CheckpointToken"]
    for token, client_token in sent[1:]:
        driver.service.checkpoint(driver.arn, token, [], now=NOW, client_token=client_token)
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.service.checkpoint(driver.arn, sent[0][0], [], now=NOW, client_token="ct0")


def test_a_checkpoint_s_token_cannot_be_made_up() -> None:
    driver = Driver()
    parts = b64decode(driver.token).decode().split("/")
    assert parts[:3] == [driver.arn.split("/")[-1], driver.invocation.id, "1"]
    made_up = b64encode("/".join([*parts[:3], "0" * len(parts[3])]).encode()).decode()
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.service.checkpoint(driver.arn, made_up, [], now=NOW)


def test_an_execution_can_succeed_by_checkpoint() -> None:
    driver = Driver()
    assert (
        driver.send(
            step("START"),
            step("SUCCEED"),
            update("EXECUTION", "SUCCEED", "execution-result-1", Payload='"large"'),
        )
        == []
    )
    assert driver.token == ""
    described = driver.service.describe(driver.arn)
    assert (described["Status"], described["Result"]) == ("SUCCEEDED", '"large"')
    assert driver.end({"Status": "FAILED"}) is False
    assert driver.status == "SUCCEEDED"
    assert driver.history()[-4:] == [
        "StepStarted",
        "StepSucceeded",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]
    assert driver.event("ExecutionSucceeded")["Id"] == driver.arn.rsplit("/", 1)[1]
    assert "execution-result-1" not in ids(driver.service.operations(driver.arn))


def test_an_execution_can_fail_by_checkpoint() -> None:
    driver = Driver()
    driver.send(update("EXECUTION", "FAIL", "x", Error={"ErrorType": "E"}))
    assert (driver.status, driver.error) == ("FAILED", {"ErrorType": "E"})


def test_a_context_keeps_its_result_and_its_option() -> None:
    driver = Driver()
    driver.send(context("START"))
    (closed,) = driver.send(
        context("SUCCEED", Payload="1", ContextOptions={"ReplayChildren": True})
    )
    assert closed["ContextDetails"] == {"Result": "1", "ReplayChildren": True}


def test_operations_stand_in_the_order_in_which_they_started() -> None:
    driver = Driver()
    driver.send(step("START", "b"), step("START", "a"))
    driver.send(step("SUCCEED", "a"), step("START", "c"), step("SUCCEED", "b"))
    assert ids(driver.service.operations(driver.arn)) == ["b", "a", "c"]
    assert ids(driver.send(step("SUCCEED", "c"))) == ["c"]


def test_a_checkpoint_costs_the_same_however_long_the_history() -> None:
    """Count what is written: it is what changed, not what there is."""
    written: list[tuple[int, int]] = []
    driver = Driver()
    save = driver.service.store.save

    def counting(changes: list) -> None:
        save(changes)
        written.extend((len(change.operations), len(change.events)) for change in changes)

    driver.service.store.save = counting  # type: ignore[method-assign]  # to look on
    for n in range(100):
        driver.send(step("START", str(n)), step("SUCCEED", str(n)))
    assert written == [(1, 2)] * 100


def test_executions_do_not_share_settings_by_accident() -> None:
    patient = Driver(settings=Settings(retries=Retries(attempts=9)))
    assert patient.service.settings.retries.attempts == 9
    assert Driver(spec=FunctionSpec("f", timeout=1.0)).invocation.deadline == NOW + 1.0  # type: ignore[union-attr]  # begun
