"""Where bytes live: storage, compression and column files. Every stage may import it."""
