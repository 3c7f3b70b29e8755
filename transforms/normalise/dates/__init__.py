"""Turn the printed text of a date into the forms of the record: see ``parse`` and ``record``."""

from newslake.transforms.normalise.dates.parse import order_of, parse_date
from newslake.transforms.normalise.dates.record import UNDATED, RecordDate, assume_zone, forget_other_zone, record_date
from newslake.transforms.normalise.dates.values import AMBIGUOUS_DMY, EPOCH_ZERO, ParsedDate, Refusal, Refused
from newslake.transforms.normalise.dates.zones import time_zone

__all__ = [
    "AMBIGUOUS_DMY",
    "EPOCH_ZERO",
    "UNDATED",
    "ParsedDate",
    "RecordDate",
    "Refusal",
    "Refused",
    "assume_zone",
    "forget_other_zone",
    "order_of",
    "parse_date",
    "record_date",
    "time_zone",
]
