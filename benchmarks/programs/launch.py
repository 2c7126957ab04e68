"""Start a program, wait for it, and write what it used: user and system seconds, wall seconds, KiB, exit code.

Whoever starts a process leaves its own size in the peak memory that the kernel keeps for it. So this is a bare
interpreter (`python -I -S`) of about 9 MB between the benchmark and the program, smaller than anything it starts.
The first argument is the file that takes the figures; the rest is the command.
"""

import posix
import sys
import time

begun = time.perf_counter()
# Exactly what runs is counted: the program and all children that it waits for.
child = posix.posix_spawn(sys.argv[2], sys.argv[2:], posix.environ)
_, status, used = posix.wait4(child, 0)
wall = time.perf_counter() - begun
code = posix.waitstatus_to_exitcode(status)
with open(sys.argv[1], "w") as file:
    file.write(f"{used.ru_utime} {used.ru_stime} {wall} {used.ru_maxrss} {code}")
