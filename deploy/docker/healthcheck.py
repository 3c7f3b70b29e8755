"""Tell Docker whether the watching newslake in this container is healthy, by the exit code.

The argument is the port of ``--health-address``. The image has no curl, and urllib would send the
request to a proxy that the environment names.
"""

import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=4)
try:
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    print(answer.read().decode(errors="replace"))  # docker inspect shows it
    sys.exit(answer.status != 200)
except (OSError, http.client.HTTPException) as error:
    sys.exit(f"no answer: {error}")
