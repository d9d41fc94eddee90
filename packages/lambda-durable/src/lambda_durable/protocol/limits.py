"""The service's limits, and the SDK's own where every SDK agrees on one.

Sizes are bytes as encoded in UTF-8; durations are seconds.
"""

from typing import Final


class Limits:
    """Numbers that a request must respect; see each one's comment for who says so."""

    # botocore's service model
    NAME_LENGTH: Final = 256
    OPERATION_ID_LENGTH: Final = 64
    SUBTYPE_LENGTH: Final = 32
    CHECKPOINT_TOKEN_LENGTH: Final = 2048
    CALLBACK_ID_LENGTH: Final = 1024
    FUNCTION_NAME_LENGTH: Final = 256
    TENANT_ID_LENGTH: Final = 256
    TRACE_HEADER_LENGTH: Final = 8192
    EXECUTION_NAME_LENGTH: Final = 64
    CLIENT_TOKEN_LENGTH: Final = 64
    PAYLOAD_BYTES: Final = 6_291_456
    WAIT_SECONDS: Final = 31_622_400
    CALLBACK_SECONDS: Final = 99_999_999
    EXECUTION_TIMEOUT_SECONDS: Final = 31_622_400
    RETENTION_DAYS: Final = 90
    PAGE_ITEMS: Final = 1000
    DEFAULT_PAGE_ITEMS: Final = 100

    # the model's documentation: one operation's payload, and all fields of an error together
    OPERATION_PAYLOAD_BYTES: Final = 1_048_576
    ERROR_BYTES: Final = 1_048_576

    # what the SDKs of all languages agree on
    CHILD_RESULT_BYTES: Final = 256 * 1024
    REQUEST_BYTES: Final = 750 * 1024
    REQUEST_UPDATES: Final = 200
    RESPONSE_BYTES: Final = 6 * 1024 * 1024 - 50

    # the service's published quotas; it cannot be asked for them
    EXECUTION_OPERATIONS: Final = 3_000
    EXECUTION_DATA_BYTES: Final = 100 * 1024 * 1024

    # both emulators refuse a larger error object; errors are cut to fit
    PORTABLE_ERROR_BYTES: Final = 32_768
