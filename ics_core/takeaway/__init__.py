"""A figure to take away: as a record a program can read, as a notebook to run."""
