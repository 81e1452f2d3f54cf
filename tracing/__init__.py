"""Traces: which way a command took through the programs, and how long each part of it took (docs/operations.md).

Off unless `OTEL_EXPORTER_OTLP_ENDPOINT` is set: then nothing of OpenTelemetry is imported.
"""
