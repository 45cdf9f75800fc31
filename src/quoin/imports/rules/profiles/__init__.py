"""What the exports of each tool look like: headers, what they mean, and the few ways in which a tool differs."""
