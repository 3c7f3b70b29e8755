"""What the user settles: single values, sources, options of a run, the configuration file."""
