#!/usr/bin/env python3
"""A passphrase is asked for at the terminal, twice for a new key, and is not echoed: `prompt_test.py PROGRAM`."""
import os, pathlib, pty, select, sys, tempfile, termios, time, unittest

PROGRAM = None


def session(directory, words, answers):
    """The exit code of the program at a terminal of its own, and all that it showed there."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(directory)
        os.execv(PROGRAM, ['sfumato', *words])
    shown, rest, end = b'', list(answers), time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
        if rest and shown.endswith(b': '):
            while termios.tcgetattr(terminal)[3] & termios.ECHO and time.monotonic() < end:
                time.sleep(0.01)  # a person types once the prompt is there, and that is later
            os.write(terminal, rest.pop(0).encode() + b'\n')
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


class Prompt(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = pathlib.Path(temporary.name)

    def test_a_new_key_asks_twice_and_echoes_nothing(self):
        code, shown = session(self.directory, ['keys', 'new', 'a.key'], ['correct horse'] * 2)
        self.assertEqual(code, 0, shown)
        self.assertNotIn('correct', shown)
        self.assertIn('ed25519:', shown)
        self.assertIn('lock passphrase', (self.directory / 'a.key').read_text())

    def test_two_that_differ_make_no_key(self):
        code, shown = session(self.directory, ['keys', 'new', 'a.key'], ['correct horse', 'correct mouse'])
        self.assertEqual(code, 1, shown)
        self.assertIn('must be typed twice, and the same', shown)
        self.assertEqual(list(self.directory.iterdir()), [])

    def test_a_key_is_opened_by_what_is_typed_and_by_nothing_else(self):
        session(self.directory, ['keys', 'new', 'a.key'], ['correct horse'] * 2)
        create = ['budget', 'create', 'l', '--dataset', 'd', '--epsilon', '1', '--owner-key', 'a.key']
        code, shown = session(self.directory, create, ['correct mouse'])
        self.assertEqual(code, 1, shown)
        self.assertIn('does not open', shown)
        code, shown = session(self.directory, create, ['correct horse'])
        self.assertEqual(code, 0, shown)
        self.assertIn('may lose', shown)


if __name__ == '__main__':
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
