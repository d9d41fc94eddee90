"""The pytest plugin; pytest loads it by itself once the distribution is installed."""
