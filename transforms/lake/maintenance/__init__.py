"""Operations on a lake that bring no articles: each is one entry of the log, that adds files and removes others."""
