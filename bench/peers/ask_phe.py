#!/usr/bin/env python3
"""ask_phe.py TASK SECONDS FOLDER [without]: how many numbers a second the package phe encrypts or decrypts under the
key of private.json, with gmpy2 or without it, and one of them as it is decrypted. See paillier.py beside this."""
import json, pathlib, sys, time

import phe
from phe import util


def main():
    task, seconds, folder = sys.argv[1], float(sys.argv[2]), pathlib.Path(sys.argv[3])
    if sys.argv[4:] == ['without']:
        util.HAVE_GMP = False
    elif not util.HAVE_GMP:
        sys.exit('gmpy2 is not there')
    own = json.loads((folder / 'private.json').read_text())
    public = phe.PaillierPublicKey(util.base64_to_int(own['pub']['n']))
    private = phe.PaillierPrivateKey(public, util.base64_to_int(own['p']), util.base64_to_int(own['q']))
    number = json.loads((folder / 'number.json').read_text())
    read = phe.EncryptedNumber(public, int(number['v']), number['e'])
    sample = private.decrypt(read)
    turn = (lambda: public.encrypt(sample)) if task == 'encrypt' else (lambda: private.decrypt(read))
    turn()
    begin, done, taken = time.thread_time(), 0, 0
    while taken < seconds:
        turn()
        done, taken = done + 1, time.thread_time() - begin
    print(json.dumps({'rate': done / taken, 'sample': sample}))


if __name__ == '__main__':
    main()
