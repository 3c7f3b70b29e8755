"""The ground floor: storage, log, staging, index files and publication. Stages may import it; it imports none of them."""
