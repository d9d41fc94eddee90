"""The tests of any client of the service, see core's `clients/test_service.py`."""

from clients.test_service import *  # noqa: F403 - all its tests, whichever there are
from clients.test_service_failures import *  # noqa: F403 - as above
