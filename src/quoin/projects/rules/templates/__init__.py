"""Templates of projects as values: read from a document, laid out as a plan, drawn from a plan, shipped with Quoin."""
