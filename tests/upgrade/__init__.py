"""Executions that earlier versions began are resumed with today's code, wherever they were."""
