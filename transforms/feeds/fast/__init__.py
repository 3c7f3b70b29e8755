"""Read well-formed feeds by lxml, with the results of feedparser; say so where that is in doubt."""
