"""A run in a process of its own, for Python calls that ask for several workers.

Workers are forked, and a fork is safe only before threads start. A notebook or a server has
threads, and so has every process that ran a pipeline before. The command line forks in its own
process.
"""

import os
import pickle
import signal
import subprocess
import sys

from newslake.pipeline.config.run_options import RunOptions
from newslake.transforms.feeds.sandbox import own_process
from newslake.transforms.lake.commit import Outcome


def run_in_child(options: RunOptions) -> Outcome:
    """Run once in a child process, and return what became of the run.

    Options and outcome travel through pipes, so that a secret in a header is never on a disk or in
    a command line. Raises what the run raises, and RuntimeError if the child dies.
    """
    to_child, from_parent = os.pipe()
    to_parent, from_child = os.pipe()
    command, environment = own_process("newslake.pipeline.run.child", str(to_child), str(from_child))
    with os.fdopen(to_parent, "rb") as answers, os.fdopen(from_parent, "wb") as questions:
        process = subprocess.Popen(command, pass_fds=(to_child, from_child), env=environment)
        os.close(to_child)
        os.close(from_child)
        try:
            pickle.dump(options, questions)
            questions.close()
            answer = answers.read()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            raise
        finally:
            process.wait()
    if not answer:
        raise RuntimeError(f"the process of the run ended with exit code {process.returncode}; see its log")
    outcome = pickle.loads(answer)
    if isinstance(outcome, BaseException):
        raise outcome
    assert isinstance(outcome, Outcome)
    return outcome


def _main(question: int, answer: int) -> None:
    from newslake.pipeline import logs
    from newslake.pipeline.run.once import run
    from newslake.schemas.errors import NewslakeError

    with os.fdopen(question, "rb") as questions:
        options: RunOptions = pickle.load(questions)
    as_json = os.environ.get(logs.FORMAT_VARIABLE) == "json"
    logs.set_up(quiet=options.quiet, secrets=options.secrets, as_json=as_json)
    outcome: Outcome | BaseException
    try:
        outcome = run(options)
    except (NewslakeError, OSError, KeyboardInterrupt) as error:
        outcome = error
    with os.fdopen(answer, "wb") as answers:
        pickle.dump(outcome, answers)


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
