"""Handlers of the official Python SDK, as a user of it writes them."""

from aws_durable_execution_sdk_python import DurableOperationError, durable_execution
from aws_durable_execution_sdk_python.config import Duration


@durable_execution
def answer(event, context):
    if event["text"] == "bad":
        raise ValueError("no bad words")
    upper = context.step(lambda _: event["text"].upper(), name="upper")
    context.wait(Duration.from_minutes(1), name="think")
    return {"upper": upper, "by": "official"}


@durable_execution
def ask(event, context):
    try:
        return context.invoke(event["function"], {"text": event["text"]}, name="ask")
    except DurableOperationError as error:
        return {"failed": str(error)}
