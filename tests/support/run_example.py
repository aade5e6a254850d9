#!/usr/bin/env python3
"""Runs an example and compares what it writes with <example>.expected, where that is there.

    run_example.py PROGRAM SOURCE [WORD...]

Standard input comes from <example>.input, else it is empty; the working directory is that of the
source; PROGRAM is given the words. Placeholders for what noise decides: see expected.py.
"""
import pathlib, subprocess, sys

import expected


def main():
    program, source = map(pathlib.Path, sys.argv[1:3])
    given = source.with_suffix('.input')
    done = subprocess.run([program, *sys.argv[3:]], cwd=source.parent, input=given.read_text(encoding='utf-8') if given.exists() else '',
                          capture_output=True, text=True, timeout=120)
    sys.stderr.write(done.stderr)
    if done.returncode != 0:
        sys.exit('%s ends with exit code %d' % (program.name, done.returncode))
    wanted = source.with_suffix('.expected')
    if wanted.exists():
        lines = wanted.read_text(encoding='utf-8').splitlines()
        if not expected.matches(lines, done.stdout):
            sys.exit(expected.report('what %s writes' % program.name, lines, done.stdout))


if __name__ == '__main__':
    main()
