#!/usr/bin/env python3
"""Work that takes longer than a second shows how far it is, at a terminal alone: `progress_test.py PROGRAM`."""
import os, pathlib, pty, subprocess, sys, tempfile, threading, time

POLICY = 'version = 1\n[columns.a]\nrole = "insensitive"\ntransform = "keep"\n[columns.b]\nrole = "quasi"\ntransform = "round"\nto = 10\n'
ROWS = b'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,17\n' * 50_000


def feed(process, seconds):
    """Rows, for so long."""
    end = time.monotonic() + seconds
    process.stdin.write(b'a,b\n')
    while time.monotonic() < end:
        process.stdin.write(ROWS)
        time.sleep(0.05)
    process.stdin.close()


def shown(program, folder, terminal):
    """What deid writes to standard error while its input comes slowly."""
    ours, theirs = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen([program, 'deid', folder / 'policy.toml', '-', '-o', folder / 'out.csv'], stdin=subprocess.PIPE,
                               stderr=theirs, stdout=subprocess.DEVNULL)
    os.close(theirs)
    feeder = threading.Thread(target=feed, args=(process, 2))
    feeder.start()
    text = b''
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        text += piece
    feeder.join()
    os.close(ours)
    assert process.wait() == 0, text
    return text


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        (folder / 'policy.toml').write_text(POLICY)
        text = shown(program, folder, True)
        assert b'\rreading [' in text, text
        bar, report = text.rsplit(b'\r\x1b[K', 1)
        assert b'rows read' in report and b'reading [' not in report, 'the bar goes before the report comes: %r' % text
        text = shown(program, folder, False)
        assert b'reading' not in text and b'rows read' in text, text


if __name__ == '__main__':
    main()
