"""What the functions of both flavours tell of a batch."""

from typing import Any

from lambda_durable.batches import BatchResult


def told(batch: BatchResult[Any], *names: str) -> dict[str, Any]:
    """Return what is asked for of a batch, in the words that all SDKs share."""
    known = {
        "completionReason": batch.completion_reason,
        "status": batch.status,
        "successCount": batch.success_count,
        "failureCount": batch.failure_count,
        "totalCount": batch.total_count,
    }
    return {name: known[name] for name in names}


def accessed(batch: BatchResult[Any]) -> dict[str, Any]:
    """Return what the lists of a batch say."""
    return {
        "hasFailure": batch.has_failure,
        "successCount": len(batch.succeeded),
        "failureCount": len(batch.failed),
        "errorCount": len(batch.errors),
    }


COUNTS = ("successCount", "failureCount", "totalCount")
