"""Print what the task of deploy/airflow does after commands; runs in Airflow's Python.

The arguments are the DAG file, and a JSON list of commands. Each command gives a line of JSON. A
command that says "the task ends" gets an exception in its task, as when somebody stops the task.
"""

import importlib.util
import json
import logging
import sys


def end_task(record):
    if record.getMessage() == "the task ends":
        raise KeyboardInterrupt
    return True


place = importlib.util.spec_from_file_location("newslake_dag", sys.argv[1])
module = importlib.util.module_from_spec(place)
place.loader.exec_module(module)
module.log.setLevel(logging.INFO)
module.log.addFilter(end_task)
for command in json.loads(sys.argv[2]):
    verdict, text, summary = "success", "", None
    try:
        code, summary = module.run_command(command)
        module.check(code, summary)
    except BaseException as error:  # noqa: BLE001  its class is the result
        verdict, text = type(error).__name__, str(error)
    print(json.dumps({"verdict": verdict, "text": text, "summary": summary}))
