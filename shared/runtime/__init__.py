"""The shell of a process: settings, log lines, metrics, traces, health, signals, and ending in good order."""
