#!/usr/bin/env python3
"""What the Python package phe does with files: `ask_phe.py ENVIRONMENT FOLDER VERB [NUMBER...]`.

    there      whether phe is there, in this Python or in an environment that is made for it
    key        makes private.json
    encrypt    makes numbers.json, of the numbers under the key of private.json
    decrypt    makes values.txt, of numbers.json by private.json
"""
import json, os, pathlib, subprocess, sys, venv

PACKAGE = 'phe==1.5.0'


def own_python(folder):
    """Runs this again by a Python that has phe; ends where it can't be installed."""
    python = folder / 'bin' / 'python'
    if pathlib.Path(sys.executable) == python:
        sys.exit('phe was installed, and is not there')
    if not (folder / 'whole').exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', PACKAGE],
                       check=True, timeout=120, stdout=sys.stderr)
        (folder / 'whole').touch()
    os.execv(python, [str(python), *sys.argv])


def main():
    environment, folder, verb, *numbers = sys.argv[1:]
    folder = pathlib.Path(folder)
    try:
        import phe
        from phe import util
    except ImportError:
        own_python(pathlib.Path(environment).resolve())
    if verb == 'there':
        return

    if verb == 'key':
        public, private = phe.generate_paillier_keypair(n_length=3072)
        names = {'kty': 'DAJ', 'kid': 'of a test'}
        open_key = names | {'alg': 'PAI-GN1', 'key_ops': ['encrypt'], 'n': util.int_to_base64(public.n)}
        own = names | {'key_ops': ['decrypt'], 'p': util.int_to_base64(private.p),
                       'q': util.int_to_base64(private.q), 'pub': open_key}
        (folder / 'private.json').write_text(json.dumps(own))
        return

    own = json.loads((folder / 'private.json').read_text())
    public = phe.PaillierPublicKey(util.base64_to_int(own['pub']['n']))
    if verb == 'encrypt':
        made = [public.encrypt(float(number) if '.' in number or 'e' in number else int(number)) for number in numbers]
        (folder / 'numbers.json').write_text(json.dumps([{'v': str(one.ciphertext()), 'e': one.exponent} for one in made]))
    else:
        private = phe.PaillierPrivateKey(public, util.base64_to_int(own['p']), util.base64_to_int(own['q']))
        read = json.loads((folder / 'numbers.json').read_text())
        values = [private.decrypt(phe.EncryptedNumber(public, int(one['v']), one['e'])) for one in read]
        (folder / 'values.txt').write_text(''.join(f'{value}\n' for value in values))


if __name__ == '__main__':
    main()
