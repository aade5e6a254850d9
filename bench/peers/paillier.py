#!/usr/bin/env python3
"""Numbers encrypted and decrypted a second of one processor: ours and the Python package phe take turns.

    bench/peers/paillier.py --ask build/bench/bench/ask_paillier --folder build/paillier [--markdown docs/measured/homomorphic.md]

All under one key of 3,072 bits that we make, without and with gmpy2 on phe's side. Each turn is a process of its own, which counts
the processor's seconds after its start. All must decrypt the same number, or nothing is told.
"""
import pathlib, statistics, subprocess

from one_run import environment, options_of_turns, rates_of_turns, replace_tables

PHE, GMPY2 = 'phe==1.5.0', 'gmpy2==2.3.2'
TASKS = {'encrypt': 'encrypted', 'decrypt': 'decrypted'}


def main():
    given = options_of_turns(__doc__)
    python = environment(given.folder / 'python', [PHE, GMPY2])
    phe = [python, pathlib.Path(__file__).resolve().parent / 'ask_phe.py']
    subprocess.run([given.ask, 'key', '0', given.folder], check=True)
    lines = []
    for task, title in TASKS.items():
        rest = [given.seconds, given.folder]
        asked = {'sfumato': [given.ask, task, *rest], 'sfumato, 74 numbers in one': [given.ask, task + '_packed', *rest],
                 'phe 1.5.0 with gmpy2': [*phe, task, *rest], 'phe 1.5.0 without': [*phe, task, *rest, 'without']}
        if task == 'encrypt':
            asked |= {'sfumato, a key of phe': [given.ask, 'encrypt_plain', *rest],
                      'sfumato, ElGamal on P-256': [given.ask, 'elgamal', *rest]}
        else:
            asked |= {f'sfumato, many below 2^{bits}': [given.ask, f'decrypt_{bits}', *rest] for bits in (31, 61)}
        rates = rates_of_turns(task, asked, given.turns)
        best = max(rates['phe 1.5.0 with gmpy2'])
        lines += ['', f'| {title} | a second: most | median | ms each, at best | of phe with gmpy2 |', '| --- | --- | --- | --- | --- |']
        for name, found in rates.items():
            most = max(found)
            lines.append(f'| {name} | {most:.4g} | {statistics.median(found):.4g} | {1e3 / most:.3g} | {most / best:.3g} |')
    print('\n'.join(lines))
    if given.markdown:
        replace_tables(given.markdown, lines)


if __name__ == '__main__':
    main()
