"""What the data looks like: records, tables, names in the lake. No Beam, no I/O."""
