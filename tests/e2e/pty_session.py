"""Types into a program on a terminal of its own, as a person would.

Reads {"argv": [...], "steps": [[keys, pattern], ...]} from the standard input: each step presses its keys, then waits
until what the program printed since the last match holds the pattern. Prints {"screen": text, "code": exit code}.
"""
import json
import os
import pty
import re
import select
import sys

PATIENCE_SECONDS = 30

asked = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(asked["argv"][0], asked["argv"])

screen = b""
seen = 0


def read_more():
    global screen
    if not select.select([terminal], [], [], PATIENCE_SECONDS)[0]:
        raise TimeoutError
    try:
        data = os.read(terminal, 65536)
    except OSError:  # Linux says EIO when the other side is closed.
        data = b""
    screen += data
    return data != b""


try:
    for keys, pattern in asked["steps"]:
        os.write(terminal, keys.encode())
        match = None
        while match is None:
            match = re.compile(pattern.encode()).search(screen, seen)
            if match is not None:
                seen = match.end()
            elif not read_more():
                break
    while read_more():
        pass
except TimeoutError:
    os.kill(pid, 9)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
json.dump({"screen": screen.decode(errors="replace"), "code": code}, sys.stdout)
