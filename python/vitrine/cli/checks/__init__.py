"""What vitrine doctor looks at, by area."""
