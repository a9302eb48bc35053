"""Plays a person at a terminal: runs a command on a pseudo-terminal, waits for texts and types keys.

Reads {"argv": [...], "env": {...}, "steps": [{"expect": text} | {"send": text} | {"meanwhile": argv}]} from standard input and prints
{"screen": everything shown, "exitCode": number, or null after a signal}. stdout of the command may go to a file with
"stdout"; "size" is that of the terminal, rows and columns.
"""
import json, shlex, subprocess, sys
import pexpect

request = json.load(sys.stdin)
# Without a shell in between, which Ctrl-C would end, too.
command = "exec " + " ".join(shlex.quote(word) for word in request["argv"])
if "stdout" in request:
    command += " > " + shlex.quote(request["stdout"])
child = pexpect.spawn("/bin/sh", ["-c", command], env=request["env"], encoding="utf-8", timeout=20, dimensions=request["size"])
screen = ""
for step in request["steps"]:
    if "expect" in step:
        child.expect_exact(step["expect"])
        screen += child.before + child.after
    elif "meanwhile" in step:
        subprocess.run(step["meanwhile"], env=request["env"], check=True, capture_output=True)
    else:
        child.send(step["send"])
child.expect(pexpect.EOF)
screen += child.before
child.close()
json.dump({"screen": screen, "exitCode": child.exitstatus}, sys.stdout)
