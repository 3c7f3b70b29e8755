"""Read a table of a lake with Spark, and print what Spark makes of it as one JSON object.

This script runs in an environment of its own, which has PySpark and not newslake. Its arguments are
a file with the DDL, the folder of the table, and the columns to print.
"""

import json
import sys
from pathlib import Path


def main(ddl: str, folder: str, *columns: str) -> None:
    """Print what Spark makes of a table, read with the DDL in the file ``ddl``."""
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    table = (
        spark.read.schema(Path(ddl).read_text(encoding="utf-8"))
        .options(mode="FAILFAST", dateFormat="yyyy-MM-dd", timestampFormat="yyyy-MM-dd'T'HH:mm:ssX")
        .json(folder)
    )
    # Spark writes the values as text: Python has no local time for the years 1 and 9999.
    texts = table.selectExpr(*(f"CAST({column} AS STRING) AS {column}" for column in columns))
    seen = {
        "version": spark.version,
        "types": dict(table.dtypes),
        "rows": [row.asDict() for row in texts.collect()],
        "in_march": table.where("published_month = '2023-03'").count(),
        "since": table.where("published_from >= TIMESTAMP '2023-03-20 14:05:00'").count(),
    }
    print(json.dumps(seen))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
