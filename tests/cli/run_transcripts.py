#!/usr/bin/env python3
"""Runs the commands of transcripts and compares what they write with what stands there.

    run_transcripts.py --program build/check/sfumato --source . [--server FILE] tests/cli/*.transcript

A transcript reads like a session in a terminal, and the guide shows the same files:

    # a line of the file that is a comment
    $ sfumato noise laplace --scale 1 -n 2      a command, run by bash with pipefail
    <number>                                    what it writes to standard output, compared verbatim
    <number>                                    but for placeholders (tests/support/expected.py)
    $ sfumato noise laplace \\
        --scale 0                               a command goes on after a backslash
    ! sfumato noise: scale: must be positive    a line of standard error begins with `! `
    [exit 1]                                    the exit code, where it is not 0

A line is empty where the program writes an empty line, but for those before a `$` or `#` and at the
end. The commands of a transcript share a working directory of their own, which is empty but for a
link `examples` to the examples of the source tree; `sfumato` is the program under test. A command
that says nothing of standard error must write nothing there. Of a PostgreSQL server that
tests/support/postgres_server.py started, FILE tells where it is, and the commands are told by PGHOST
and PGUSER; where none is installed the exit code is 77.
"""
import argparse, os, pathlib, subprocess, sys, tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
import expected

SECONDS_PER_COMMAND = 120


class Step:
    """A command and what is expected of it."""

    def __init__(self, line, command):
        self.line, self.command, self.exit_code, self.out, self.err = line, command, 0, [], []

    def expect(self, text):
        if text.startswith('[exit ') and text.endswith(']'):
            self.exit_code = int(text[6:-1])
        elif text == '!' or text.startswith('! '):
            self.err.append(text[2:])
        else:
            self.out.append(text)

    def run(self, directory, environment):
        """What went wrong, or nothing."""
        done = subprocess.run(['bash', '-o', 'pipefail', '-c', self.command], cwd=directory, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS_PER_COMMAND)
        wrong = []
        if done.returncode != self.exit_code:
            wrong.append('exit code is %d, not %d\n' % (done.returncode, self.exit_code))
        for what, want, got in (('standard output', self.out, done.stdout), ('standard error', self.err, done.stderr)):
            if not expected.matches(want, got):
                wrong.append(expected.report(what, want, got))
        return ''.join(wrong)


def parse(text):
    """The steps of a transcript."""
    steps, going_on = [], False
    for number, line in enumerate(text.splitlines(), 1):
        if going_on:
            steps[-1].command += '\n' + line
            going_on = line.endswith('\\')
        elif line.startswith('$ '):
            steps.append(Step(number, line[2:]))
            going_on = line.endswith('\\')
        elif line.startswith('#'):
            continue
        elif steps:
            steps[-1].expect(line)
        elif line:
            raise SystemExit('line %d: a transcript begins with a command' % number)
    for step in steps:
        while step.out and not step.out[-1]:
            step.out.pop()
    if not steps:
        raise SystemExit('a transcript without a command shows nothing')
    return steps


def run(path, program, source, server=None):
    """True where each command of the transcript does as it says."""
    steps = parse(path.read_text(encoding='utf-8'))
    environment = dict(os.environ, PATH=str(program.parent) + os.pathsep + os.environ['PATH'], LC_ALL='C.UTF-8', COLUMNS='100', **(server or {}))
    passed = True
    with tempfile.TemporaryDirectory() as directory:
        os.symlink(source / 'examples', pathlib.Path(directory) / 'examples')
        for step in steps:
            wrong = step.run(directory, environment)
            if wrong:
                passed = False
                print('%s:%d: $ %s\n%s' % (path, step.line, step.command, wrong))
    return passed


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--program', type=pathlib.Path, required=True)
    options.add_argument('--source', type=pathlib.Path, required=True)
    options.add_argument('--server', type=pathlib.Path)
    options.add_argument('transcripts', nargs='+', type=pathlib.Path)
    given = options.parse_args()
    place = given.server.read_text() if given.server else ''
    if given.server and not place:
        print('no PostgreSQL server is installed')
        sys.exit(77)
    server = {'PGHOST': place, 'PGUSER': 'sfumato'} if place else {}
    passed = [run(path, given.program.resolve(), given.source.resolve(), server) for path in given.transcripts]
    sys.exit(0 if all(passed) else 1)


if __name__ == '__main__':
    main()
