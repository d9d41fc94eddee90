"""The Lambda Runtime API on loopback: how any of Lambda's runtimes gets its invocations."""
