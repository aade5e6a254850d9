#!/usr/bin/env python3
"""Counts the instructions of batches: `counted_work.py VALGRIND PROGRAM`.

The program (counted_work.cpp) names each batch and calls `counted` once for it; callgrind counts what
runs within. All batches of one law must take the very same number of instructions, whatever the
answers and the sizes of the noises; a batch with a fallback must take more, or nothing was counted.
"""
import collections, pathlib, re, subprocess, sys, tempfile


def counts(valgrind, program):
    """What each call of `counted` took, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run(
            [valgrind, '--tool=callgrind', '--collect-atstart=no', '--toggle-collect=counted',
             '--dump-after=counted', f'--callgrind-out-file={folder}/count', program],
            check=True, capture_output=True, text=True).stdout
        dumps = sorted(pathlib.Path(folder).glob('count.*'), key=lambda path: int(path.suffix[1:]))
        totals = [int(re.search(r'^(?:summary|totals): (\d+)', dump.read_text(), re.M)[1]) for dump in dumps]
    names = out.split('\n')[:-1]
    if len(names) != len(totals):
        sys.exit(f'{len(names)} batches were named and {len(totals)} counted')
    return zip(names, totals)


def main():
    if len(sys.argv) != 3:
        sys.exit('counted_work.py VALGRIND PROGRAM')
    by_law, fallbacks = collections.defaultdict(lambda: collections.defaultdict(list)), {}
    for name, total in counts(*sys.argv[1:]):
        law, answers, _ = name.split()
        if answers == 'fallback':
            fallbacks[law] = total
        else:
            by_law[law][total].append(name)
    wrong = not by_law
    for law, totals in by_law.items():
        batches = sum(map(len, totals.values()))
        print(f'{law}: {batches} batches, {sorted(totals)} instructions each; with a fallback {fallbacks[law]}')
        if len(totals) > 1:
            wrong = True
            print('\n'.join(f'  {total}: {", ".join(names)}' for total, names in sorted(totals.items())))
        if fallbacks[law] <= max(totals):
            wrong = True
            print('  a fallback was not seen')
    sys.exit(wrong)


if __name__ == '__main__':
    main()
