"""The ground floor: where bytes live. Every stage may import it; it imports no stage."""
