"""How projects are steered: risks and issues, change orders, status reports, lessons."""
