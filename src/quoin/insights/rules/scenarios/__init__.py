"""What-if: the facts of the live plan, changes laid over them, and what comes out."""
