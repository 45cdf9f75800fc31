"""The platform: what every app stands on and that knows no business word."""
