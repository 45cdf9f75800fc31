"""Double entry: accounts, journals, periods, currencies, posting. Knows no project, client or invoice."""
