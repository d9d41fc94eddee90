"""What durable code costs, ours beside its peers: `python -m benchmarks --help`.

It measures and never decides a test. `sdks` holds the same programs
for each SDK, `measuring` what runs in a process of its own, with nothing but that SDK installed.
"""
