"""Somebody who wants what is not theirs: opens whatever is named, and lists, until told to stop. Answers how often."""
import json, os, sys, threading

directory, names = sys.argv[1], sys.argv[2:]
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
tries = reads = 0
print('ready', flush=True)
while not stop.is_set():
    for name in names:
        tries += 1
        try:
            with open(name) as file:
                reads += file.read() != ''
        except OSError:
            pass
    try:
        os.listdir(directory)
        reads += 1
    except OSError:
        pass
print(json.dumps({'uid': os.getuid(), 'tries': tries, 'reads': reads}))
