"""A pytest plugin for tests that run on any machine: hypothesis measures no time with it."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "any machine", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
