#!/usr/bin/env python3
"""A ring that a key of a PKCS #11 token locks: `token_test.py PROGRAM MAKE_TOKEN EXAMPLES`. The token is SoftHSM's; exit code 77 where
that is not installed."""
import os, pathlib, shutil, subprocess, sys, tempfile

PROGRAM, MAKE_TOKEN, EXAMPLES = map(os.path.abspath, sys.argv[1:4])


def main():
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        made = subprocess.run([MAKE_TOKEN, folder / 'hsm'], capture_output=True, text=True)
        if made.returncode == 77:
            print(made.stdout, end='')
            return 77
        if made.returncode != 0:
            raise SystemExit('no token was made: ' + made.stderr)
        environment = dict(os.environ, SOFTHSM2_CONF=str(folder / 'hsm/conf'), PIN='1234', LC_ALL='C.UTF-8')
        shutil.copytree(EXAMPLES, folder / 'work')
        for name, pin in (('pin', '1234'), ('wrong', '4321')):
            (folder / 'work' / name).write_text(pin + '\n')
            (folder / 'work' / name).chmod(0o600)
        uri = 'pkcs11:token=clinic;object=rings?module-path=%s' % made.stdout.strip()
        by_file, by_env, by_fd = (uri + '&pin-source=' + source for source in ('file:pin', 'env:PIN', 'fd:0'))

        def run(words, code=0, error='', **more):
            done = subprocess.run([PROGRAM, *words], cwd=folder / 'work', env=environment, capture_output=True, text=True, **more)
            assert done.returncode == code, '%s: exit code %d: %s' % (words, done.returncode, done.stderr)
            assert error in done.stderr, '%s says %s' % (words, done.stderr)
            return done.stdout

        assert 'locked by a token' in run(['keys', 'new', 'keys.ring', '--ring', '--token', by_file])
        run(['deid', 'clinic.toml', 'clinic.csv', '-o', 'out.csv', '--token', by_env])
        run(['reidentify', 'clinic.toml', 'out.csv', '-o', 'back.csv', '--token', by_fd], input='1234\n')
        assert '"kind":"reidentify"' in run(['budget', 'export', 'keys.ring.ledger'])
        before, after = ((folder / 'work' / name).read_text().splitlines() for name in ('clinic.csv', 'back.csv'))
        assert [line.split(',')[0] for line in before] == [line.split(',')[0] for line in after]
        assert run(['keys', 'rotate', 'keys.ring', '--token', by_file]) == 'version 2 is the newest.\n'

        # From one lock to another, and back; a key to sign by, too.
        (folder / 'work/digits').write_text('07' * 32)
        (folder / 'work/digits').chmod(0o600)
        run(['keys', 'wrap', 'keys.ring', '-o', 'plain.ring', '--token', by_file, '--new-unlock-file', 'digits'])
        run(['keys', 'wrap', 'plain.ring', '-o', 'again.ring', '--unlock-file', 'digits', '--new-token', by_file])
        run(['keys', 'rotate', 'again.ring', '--token', by_file])
        run(['keys', 'new', 'ada.key', '--token', by_file])
        run(['budget', 'create', 'signed', '--owner-key', 'ada.key', '--token', by_file])
        run(['budget', 'show', 'signed', '--key', 'ada.key', '--token', by_file])

        # One sentence each, and nothing is written.
        run(['deid', 'clinic.toml', 'clinic.csv', '-o', 'none', '--token', uri + '&pin-source=file:wrong'], 1, 'does not take this PIN')
        run(['deid', 'clinic.toml', 'clinic.csv', '-o', 'none', '--unlock-file', 'digits'], 1, 'is locked by a token: name its key by --token')
        run(['deid', 'clinic.toml', 'clinic.csv', '-o', 'none', '--keys', 'plain.ring', '--token', by_file], 1, 'is not locked by a token')
        run(['deid', 'clinic.toml', 'clinic.csv', '-o', 'none', '--token', by_file.replace('rings', 'none')], 1, 'has no AES key')
        run(['deid', 'clinic.toml', 'clinic.csv', '-o', 'none', '--token', uri + '&pin-value=1234'], 1, 'must not hold the PIN')
        run(['deid', 'clinic.toml', 'clinic.csv', '-o', 'none', '--token', by_file, '--key-env', 'PIN'], 2, 'takes one of')
        assert not (folder / 'work/none').exists()
    return 0


if __name__ == '__main__':
    sys.exit(main())
