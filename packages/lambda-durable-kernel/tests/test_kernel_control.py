"""Named starts, stop, pause, resume and delete."""

import re

import pytest
from kernel_driver import NOW, Driver, callback, step, wait

from lambda_durable.protocol import ErrorObject
from lambda_durable_kernel import (
    DurableService,
    Errored,
    ExecutionQuery,
    FunctionSpec,
    Quotas,
    Settings,
)
from lambda_durable_kernel.errors import (
    ExecutionAlreadyStartedError,
    InvalidParameterValueError,
    ResourceConflictError,
    ResourceNotFoundError,
)


@pytest.fixture
def service() -> DurableService:
    service = DurableService()
    for name in ("f", "g"):
        service.register(FunctionSpec(name))
    service.register(FunctionSpec("plain", durable=False))
    return service


def test_a_name_and_a_payload_start_one_execution(service: DurableService) -> None:
    arn = service.start("f", "1", now=NOW, name="order-1")
    assert "/durable-execution/order-1/" in arn
    assert service.start("f", "1", now=NOW + 1, name="order-1") == arn
    service.stop(arn, now=NOW)
    assert service.start("f", "1", now=NOW + 2, name="order-1") == arn
    assert service.start("g", "1", now=NOW, name="order-1") != arn


def test_a_name_with_another_payload_is_refused(service: DurableService) -> None:
    service.start("f", "1", now=NOW, name="order-1")
    with pytest.raises(ExecutionAlreadyStartedError) as refused:
        service.start("f", "2", now=NOW, name="order-1")
    assert refused.value.code == "DurableExecutionAlreadyStartedException"
    assert refused.value.status == 409


def test_without_a_name_each_start_is_another_execution(service: DurableService) -> None:
    assert service.start("f", now=NOW) != service.start("f", now=NOW)


def test_the_arn_has_the_service_s_form() -> None:
    ids = iter(["id-1", "id-2", "secret"])
    settings = Settings(account="000000000000", region="eu-west-1", partition="aws-cn")
    service = DurableService(settings=settings, new_id=lambda: next(ids))
    service.register(FunctionSpec("f", version="3"))
    assert service.start("f", now=NOW) == (
        "arn:aws-cn:lambda:eu-west-1:000000000000:function:f:3/durable-execution/id-2/id-1"
    )


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "a/b"])
def test_not_everything_is_a_name(service: DurableService, name: str) -> None:
    with pytest.raises(InvalidParameterValueError, match="DurableExecutionName"):
        service.start("f", now=NOW, name=name)


def test_only_durable_functions_are_started(service: DurableService) -> None:
    with pytest.raises(ResourceNotFoundError):
        service.start("nobody", now=NOW)
    with pytest.raises(InvalidParameterValueError):
        service.start("plain", now=NOW)
    with pytest.raises(InvalidParameterValueError, match="Invalid function ARN 'a b'"):
        service.start("a b", now=NOW)


def test_an_input_has_a_size() -> None:
    service = DurableService(settings=Settings(quotas=Quotas(execution_payload_bytes=3)))
    service.register(FunctionSpec("f"))
    with pytest.raises(InvalidParameterValueError, match="less than or equal to 3 bytes"):
        service.start("f", '"\u00fc"', now=NOW)


@pytest.mark.parametrize("error", [None, {}])
def test_stop_ends_an_execution_and_leaves_its_operations(error: ErrorObject | None) -> None:
    driver = Driver()
    driver.send(wait(), callback("c"))
    driver.end()
    answer = driver.service.stop(driver.arn, now=driver.now, error=error)
    assert answer == {"StopTimestamp": int(NOW * 1000)}
    assert driver.status == "STOPPED"
    assert driver.error == {"ErrorMessage": "Execution stopped by user request"}
    driver.later(100)
    assert driver.operation()["Status"] == "STARTED"
    assert driver.history()[-1] == "ExecutionStopped"


def test_stop_refuses_further_checkpoints_of_a_running_handler() -> None:
    driver = Driver()
    driver.service.stop(driver.arn, now=driver.now, error={"ErrorType": "E"})
    assert driver.error == {"ErrorType": "E"}
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.send(step("START"))
    assert driver.end(Errored.crashed()) is False
    assert driver.history() == ["ExecutionStarted", "ExecutionStopped"]


def test_stop_may_be_repeated_but_ends_no_ended_execution() -> None:
    driver = Driver()
    first = driver.service.stop(driver.arn, now=driver.now)
    assert driver.service.stop(driver.arn, now=driver.now + 5) == first
    done = Driver()
    done.end({"Status": "SUCCEEDED"})
    with pytest.raises(InvalidParameterValueError, match="SUCCEEDED"):
        done.service.stop(done.arn, now=NOW)
    with pytest.raises(ResourceNotFoundError):
        done.service.stop("arn:x", now=NOW)


def test_a_pause_between_invocations_takes_effect_at_once() -> None:
    driver = Driver()
    driver.send(wait(10))
    driver.end()
    driver.service.pause(driver.arn, now=driver.now, reason="why")
    assert driver.status == "PAUSED"
    assert driver.service.describe(driver.arn)["PauseDetails"] == {
        "PauseRequestTimestamp": int(NOW * 1000),
        "ExecutionTimeoutPaused": True,
        "Reason": "why",
    }
    assert not driver.later(10).is_due()
    assert driver.operation()["Status"] == "SUCCEEDED"
    driver.service.resume(driver.arn, now=driver.now, reason="go on")
    assert driver.status == "RUNNING"
    assert driver.is_due()
    assert driver.history()[-3:] == ["ExecutionPaused", "WaitSucceeded", "ExecutionResumed"]


def test_a_pause_ends_a_running_invocation_at_its_next_checkpoint() -> None:
    driver = Driver()
    driver.send(callback("c"))
    driver.service.pause(driver.arn, now=driver.now)
    assert driver.status == "PAUSING"
    last_token = driver.token
    assert driver.send(step("START"), step("SUCCEED")) == []
    assert driver.token == ""
    assert driver.status == "PAUSED"
    assert driver.operation("1")["Status"] == "SUCCEEDED"
    for token in ("", last_token):
        driver.token = token
        with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
            driver.send()
    driver.end()
    assert not driver.is_due()
    driver.service.resume(driver.arn, now=driver.now)
    assert driver.is_due()


def test_a_resume_while_the_interrupted_invocation_still_runs() -> None:
    driver = Driver()
    driver.service.pause(driver.arn, now=driver.now)
    driver.send()
    driver.service.resume(driver.arn, now=driver.now)
    assert not driver.is_due()
    with pytest.raises(InvalidParameterValueError, match=r"^Invalid checkpoint token$"):
        driver.send()
    driver.end()
    assert driver.is_due()


def test_a_pause_takes_effect_when_the_invocation_ends_without_a_checkpoint() -> None:
    driver = Driver()
    driver.send(callback("c"))
    driver.service.pause(driver.arn, now=driver.now)
    driver.end()
    assert driver.status == "PAUSED"
    driver.service.resume(driver.arn, now=driver.now)
    assert not driver.is_due()


def test_an_execution_may_end_while_it_is_being_paused() -> None:
    driver = Driver()
    driver.service.pause(driver.arn, now=driver.now)
    driver.end({"Status": "SUCCEEDED"})
    assert driver.status == "SUCCEEDED"
    assert "ExecutionPaused" not in driver.history()
    assert "PauseDetails" not in driver.service.describe(driver.arn)


def test_a_pause_stops_the_execution_s_time_unless_asked_otherwise() -> None:
    for paused, expected in ((True, "RUNNING"), (False, "TIMED_OUT")):
        driver = Driver(spec=FunctionSpec("f", execution_timeout=60))
        driver.send(callback("c"))
        driver.end()
        driver.service.pause(driver.arn, now=driver.now, timeout_paused=paused)
        shown = driver.service.describe(driver.arn)["ExpectedExecutionTimeoutTimestamp"]
        assert shown == int((NOW + (31_622_400 if paused else 60)) * 1000)
        driver.later(100)
        if paused:
            driver.service.resume(driver.arn, now=driver.now)
            driver.later(59.9)
        assert driver.status == expected
        if paused:
            assert driver.later(0.1).status == "TIMED_OUT"


def test_what_completes_during_a_pause_does_not_end_the_execution() -> None:
    driver = Driver(spec=FunctionSpec("f", execution_timeout=60))
    driver.send(wait(100))
    driver.end()
    driver.service.pause(driver.arn, now=driver.now)
    driver.later(100)
    assert driver.operation()["Status"] == "SUCCEEDED"
    assert driver.status == "PAUSED"


def test_pause_and_resume_need_their_status() -> None:
    driver = Driver()
    with pytest.raises(ResourceConflictError, match="RUNNING"):
        driver.service.resume(driver.arn, now=NOW)
    driver.service.pause(driver.arn, now=NOW)
    with pytest.raises(ResourceConflictError, match="PAUSING"):
        driver.service.pause(driver.arn, now=NOW)
    driver.service.stop(driver.arn, now=NOW)
    for refused in (driver.service.pause, driver.service.resume):
        with pytest.raises(ResourceConflictError, match="STOPPED"):
            refused(driver.arn, now=NOW)
        with pytest.raises(ResourceNotFoundError):
            refused("arn:x", now=NOW)


def test_delete_forgets_an_execution_that_has_ended() -> None:
    driver = Driver()
    with pytest.raises(ResourceConflictError):
        driver.service.delete(driver.arn, now=NOW)
    driver.end({"Status": "SUCCEEDED"})
    answer = driver.service.delete(driver.arn, now=NOW)
    assert answer == {"DeletionRequestTimestamp": int(NOW * 1000)}
    assert driver.status == "DELETING"
    assert driver.service.delete(driver.arn, now=NOW + 1) == answer
    with pytest.raises(InvalidParameterValueError, match="DELETING"):
        driver.service.stop(driver.arn, now=NOW)
    driver.service.advance(NOW)
    for question in (
        driver.service.describe,
        driver.service.events,
        driver.service.history,
        driver.service.operations,
    ):
        with pytest.raises(ResourceNotFoundError):
            question(driver.arn)


def test_what_has_ended_is_forgotten_when_its_time_is_over() -> None:
    driver = Driver(spec=FunctionSpec("f", retention_days=2))
    service, first = driver.service, driver.arn
    assert service.next_forgotten_at() is None
    service.stop(first, now=NOW)
    second = service.start("f", now=NOW)
    service.stop(second, now=NOW + 1)
    assert service.next_forgotten_at() == NOW + 2 * 86_400
    assert service.next_event_at() is None
    driver.later(2 * 86_400)
    with pytest.raises(ResourceNotFoundError):
        service.describe(first)
    assert service.describe(second)["Status"] == "STOPPED"
    assert service.next_forgotten_at() == NOW + 2 * 86_400 + 1
    again = DurableService(service.store)
    assert again.next_forgotten_at() == NOW + 2 * 86_400 + 1
    again.advance(NOW + 3 * 86_400)
    assert again.next_forgotten_at() is None
    assert list(service.store.executions(ExecutionQuery("f"))) == []


def test_pause_and_resume_take_client_tokens() -> None:
    driver = Driver()
    pause, resume = driver.service.pause, driver.service.resume
    for _ in range(2):
        pause(driver.arn, now=NOW, client_token="p")
    assert driver.status == "PAUSING"
    for _ in range(2):
        resume(driver.arn, now=NOW, client_token="p")
    pause(driver.arn, now=NOW, client_token="p")
    assert driver.status == "RUNNING"
    assert driver.history().count("ExecutionResumed") == 1
    driver.service.stop(driver.arn, now=NOW)
    pause(driver.arn, now=NOW + 899, client_token="p")
    with pytest.raises(ResourceConflictError):
        pause(driver.arn, now=NOW + 900, client_token="p")
    with pytest.raises(InvalidParameterValueError, match="ClientToken"):
        pause(driver.arn, now=NOW, client_token="a b")


@pytest.mark.parametrize(
    ("name", "qualifier"),
    [
        ("f", None),
        ("f", "$LATEST"),
        ("f", "live"),
        ("f:live", None),
        ("f:live", "live"),
        ("arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", None),
    ],
)
def test_a_qualifier_means_a_version(name: str, qualifier: str | None) -> None:
    service = DurableService()
    service.register(FunctionSpec("f", aliases=("live",)))
    assert "/durable-execution/" in service.start(name, now=NOW, qualifier=qualifier)
    service.register(FunctionSpec("f"))
    assert service.function(name, qualifier).version == "$LATEST"


@pytest.mark.parametrize("qualifier", ["7", "$LATEST.PUBLISHED"])
def test_versions_that_do_not_exist_are_not_found(qualifier: str) -> None:
    service = DurableService()
    service.register(FunctionSpec("f"))
    with pytest.raises(ResourceNotFoundError, match=re.escape(f"f:{qualifier}")):
        service.function("f", qualifier)


@pytest.mark.parametrize(
    ("name", "qualifier"),
    [
        ("f:7", None),
        ("f", "7"),
        ("arn:aws:lambda:us-east-1:000000000000:function:f", None),
        ("arn:aws:lambda:eu-west-1:123456789012:function:f", None),
    ],
)
def test_what_is_not_here_is_not_found(name: str, qualifier: str | None) -> None:
    service = DurableService()
    service.register(FunctionSpec("f", aliases=()))
    with pytest.raises(ResourceNotFoundError, match="Function not found: "):
        service.function(name, qualifier)


def test_two_qualifiers_must_be_one() -> None:
    service = DurableService()
    service.register(FunctionSpec("f"))
    with pytest.raises(InvalidParameterValueError, match="does not match"):
        service.function("f:live", "$LATEST")


def test_an_execution_writes_so_much_data() -> None:
    driver = Driver(settings=Settings(quotas=Quotas(data_bytes=10)))
    driver.send(step("SUCCEED", Payload="12345678"))
    with pytest.raises(InvalidParameterValueError, match="more than 10 bytes of data"):
        driver.send(step("FAIL", "2", Error={"ErrorMessage": "123"}))
    driver.send(step("FAIL", "2", Error={"ErrorMessage": "12"}))


def test_functions_that_are_busy_are_passed_over() -> None:
    service = DurableService()
    for name in ("f", "g"):
        service.register(FunctionSpec(name))
    for name in ("f", "g", "f", "g"):
        service.start(name, now=NOW)
    assert [task.function for task in service.due(NOW)] == ["f", "g", "f", "g"]
    assert [task.function for task in service.due(NOW, busy={"f"})] == ["g", "g"]
    assert service.due(NOW, limit=1, busy=["f", "g"]) == []
