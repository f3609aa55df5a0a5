"""The tests of the Python package: one file for each binding file, one for each command."""
