"""What the user settles: checks of single values, sources, the options of a run, and the configuration file."""
