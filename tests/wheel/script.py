"""A script as a user of the installed package writes it; it passes mypy --strict."""

import apache_beam as beam

import newslake


def main() -> None:
    try:
        result = newslake.run("newslake.toml", lake="./lake")
    except newslake.NewslakeError as error:
        raise SystemExit(str(error)) from error
    assert (result.exit_code, result.new, result.unchanged) == (newslake.ExitCode.COMMITTED, 0, 44)
    lake: newslake.Lake = newslake.open("./lake")
    print(newslake.__version__, len(lake.files("articles")), lake.arrow("articles").count_rows())
    with beam.Pipeline() as pipeline:
        read = pipeline | newslake.ReadSources("newslake.toml")
        records = read.articles | newslake.NormaliseRecords()
        records.articles | newslake.WriteToLake("./lake", rejects=[read.rejects, records.rejects])


main()
