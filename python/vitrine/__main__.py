"""python -m vitrine."""

from vitrine.cli.main import run

run()
