"""Runs commands round-robin and prints, as JSON, their wall times (s) and peak memory (bytes) of each round.

Interleaving makes a slow minute of the machine fall on every command alike, so that the ratios of one round can be
trusted where single times cannot. Reads {"rounds": N, "warmUps": N, "commands": {name: [argv...]}} from standard
input.
"""
import json, os, sys, tempfile, time

request = json.load(sys.stdin)
results = {name: {"seconds": [], "bytes": []} for name in request["commands"]}
quiet = os.open(os.devnull, os.O_RDWR)
said = tempfile.TemporaryFile()

for round_number in range(request["warmUps"] + request["rounds"]):
    for name, argv in request["commands"].items():
        said.seek(0)
        said.truncate()
        started = time.perf_counter()
        pid = os.posix_spawn(argv[0], argv, os.environ,
                             file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 0), (os.POSIX_SPAWN_DUP2, said.fileno(), 1), (os.POSIX_SPAWN_DUP2, said.fileno(), 2)])
        _, status, usage = os.wait4(pid, 0)
        elapsed = time.perf_counter() - started
        if status != 0:
            said.seek(max(0, said.seek(0, os.SEEK_END) - 2000))
            sys.exit(f"{' '.join(argv)} ended with status {status}:\n{said.read().decode(errors='replace')}")
        if round_number >= request["warmUps"]:  # the first rounds warm the page cache
            results[name]["seconds"].append(elapsed)
            results[name]["bytes"].append(usage.ru_maxrss * 1024)

json.dump(results, sys.stdout)
