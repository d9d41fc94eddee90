"""The plugin under test, where nothing has installed it, and pytest's own tool to run tests."""

pytest_plugins = ["pytester", "lambda_durable_testing.pytest_plugin"]
