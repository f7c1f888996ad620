"""`python -m service.cli`: the command without its entry point."""

from service.cli import main

main(prog_name="presswatch")
