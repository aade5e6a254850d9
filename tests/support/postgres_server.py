#!/usr/bin/env python3
"""A PostgreSQL server for tests: of this machine's package, in a directory of its own, without TCP.

    postgres_server.py start FILE      makes one, and writes the directory of its socket to FILE
    postgres_server.py follow FILE PRIMARY  makes a replica of the one whose socket lies in PRIMARY
    postgres_server.py crash FILE      kills it as a power cut would (pg_ctl stop -m immediate)
    postgres_server.py again FILE      starts it once more
    postgres_server.py stop FILE       stops it, and removes all of it and FILE

Where no server is installed, `start` says so and leaves FILE empty. A server that nobody stops ends
after two hours. As root it is run by `nobody`, since PostgreSQL refuses to serve as root.
"""
import glob, os, pathlib, pwd, re, shutil, subprocess, sys, tempfile, time

SECONDS = 300
LONGEST_LIFE = 2 * 60 * 60


def programs():
    """The directory of the newest server's programs, or nothing."""
    found = glob.glob('/usr/lib/postgresql/*/bin/initdb')
    if found:
        return pathlib.Path(max(found, key=lambda path: int(re.search(r'postgresql/(\d+)', path)[1]))).parent
    initdb = shutil.which('initdb')
    return pathlib.Path(initdb).resolve().parent if initdb else None


def user():
    """How to run as somebody who may run a server."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam('nobody')
    return {'user': nobody.pw_uid, 'group': nobody.pw_gid, 'extra_groups': []}


def call(*words):
    return subprocess.run(words, cwd='/', capture_output=True, text=True, **user())


def checked(*words):
    done = call(*words)
    if done.returncode != 0:
        raise SystemExit('%s: %s' % (words[0], done.stderr or done.stdout))


def run(place):
    """Starts the server of a place that was made."""
    with open(place / 'log', 'ab') as log:
        server = subprocess.Popen(
            ['timeout', '-s', 'INT', str(LONGEST_LIFE), programs() / 'postgres', '-D', place / 'data', '-k', place,
             '-c', 'listen_addresses=', '-c', 'shared_buffers=16MB'],
            cwd='/', stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **user())
    until = time.monotonic() + SECONDS
    while call(programs() / 'pg_isready', '-q', '-h', place).returncode != 0:
        if server.poll() is not None or time.monotonic() > until:
            raise SystemExit((place / 'log').read_text())
        time.sleep(0.02)


def halt(place, mode):
    checked(programs() / 'pg_ctl', 'stop', '-w', '-D', place / 'data', '-m', mode)


def fresh_place():
    place = pathlib.Path(tempfile.mkdtemp(prefix='sfumato_pg_'))  # short: a socket's path has 107 bytes
    if os.geteuid() == 0:
        shutil.chown(place, 'nobody')
    return place


def follow(file, primary):
    place = fresh_place()
    checked(programs() / 'pg_basebackup', '-h', primary, '-U', 'sfumato', '-D', place / 'data', '-R', '-c', 'fast', '--no-sync')
    run(place)
    file.write_text(str(place))


def start(file):
    if file.exists():
        stop(file)
    if not programs():
        print('no PostgreSQL server is installed: tests that need one report themselves as skipped')
        file.write_text('')
        return
    place = fresh_place()
    words = [programs() / 'initdb', '-D', place / 'data', '-U', 'sfumato', '-A', 'trust', '-E', 'UTF8', '--no-sync']
    if int(re.search(r'(\d+)', call(programs() / 'initdb', '--version').stdout)[1]) >= 15:
        words += ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en']  # so that order is not that of bytes
    checked(*words)
    run(place)
    file.write_text(str(place))


def stop(file):
    place = file.read_text() if file.exists() else ''
    if place and pathlib.Path(place).exists():
        if (pathlib.Path(place) / 'data' / 'postmaster.pid').exists():
            call(programs() / 'pg_ctl', 'stop', '-w', '-D', pathlib.Path(place) / 'data', '-m', 'immediate')
        shutil.rmtree(place)
    file.unlink(missing_ok=True)


def main():
    verb, file = sys.argv[1], pathlib.Path(sys.argv[2])
    if verb == 'start':
        start(file)
    elif verb == 'follow':
        follow(file, sys.argv[3])
    elif verb == 'stop':
        stop(file)
    elif verb == 'crash':
        halt(pathlib.Path(file.read_text()), 'immediate')
    elif verb == 'again':
        run(pathlib.Path(file.read_text()))
    else:
        raise SystemExit(__doc__)


if __name__ == '__main__':
    main()
