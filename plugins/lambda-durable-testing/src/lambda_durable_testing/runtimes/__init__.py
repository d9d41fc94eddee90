"""Core's runtimes, made repeatable: one branch at a time, and nothing that depends on time."""
