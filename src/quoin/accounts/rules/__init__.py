"""Rules of accounts: pure functions over names and scopes."""
