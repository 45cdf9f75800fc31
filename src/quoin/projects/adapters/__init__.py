"""The outside world of projects: files of other planning tools."""
