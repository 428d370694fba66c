"""What FastAPI may tell a collector of each request: nothing, whatever the environment asks.

Its spans carry the words and the place that were looked for, and its logs the text of errors.
"""

from fastapi.telemetry import TelemetryConfig

NONE = TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False)
