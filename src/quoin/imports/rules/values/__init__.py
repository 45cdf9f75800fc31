"""What a cell means: dates, decimals, durations, yes and no, currencies. Styles are inferred over whole columns."""
