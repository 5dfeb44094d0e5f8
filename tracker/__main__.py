"""`tracker` and `python -m tracker`."""

from __future__ import annotations


def main() -> None:
    """Run the command line; leaves by SystemExit."""
    from tracker.cli.app import app

    app(prog_name="tracker")


if __name__ == "__main__":
    main()
