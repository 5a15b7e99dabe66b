"""What is measured: one cell per file."""
