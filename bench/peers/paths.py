#!/usr/bin/env python3
"""Joint sums under masks and on ciphertexts, beside one another: what a number costs whom.

    bench/peers/paths.py --ask build/bench/bench/ask_paths [--most 1000000] [--turns 3] [--markdown docs/measured/joint.md]

Three organisations, two of whom hold the key where there is one, and a coordinator, in one process that counts each one's time of the
processor. The paths take turns. The greatest size is measured once, and all others so often as told. Times are per number; the
coordinator's per number and organisation.
"""
import argparse, pathlib, statistics, sys

from one_run import answer_of, replace_tables

PATHS = ['masked', 'encrypted']
WHO = ['client', 'holder', 'coordinator']


def text(values):
    least, middle = min(values), statistics.median(values)
    return f'{least:.3g}' if len(values) == 1 else f'{least:.3g}, {middle:.3g}'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--ask', required=True, type=pathlib.Path)
    parser.add_argument('--most', type=int, default=1_000_000)
    parser.add_argument('--turns', type=int, default=3)
    parser.add_argument('--markdown', type=pathlib.Path)
    given = parser.parse_args()
    lines = ['| numbers | path | who contributes: µs · bytes | who holds a key as well: µs · bytes | coordinator: µs · bytes |',
             '| --- | --- | --- | --- | --- |']
    size = 100
    while size <= given.most:
        found = {path: [] for path in PATHS}
        for _ in range(given.turns if size < given.most else 1):
            for path in PATHS:
                found[path].append(answer_of(given.ask, path, size))
        for path in PATHS:
            if not all(answer['right'] for answer in found[path]):
                sys.exit(f'{path}, {size} numbers: a sum is wrong')
            cells = [text([answer[who]['us'] for answer in found[path]]) + f' · {found[path][0][who]["bytes"]:.4g}' for who in WHO]
            if path == 'masked':
                cells[1] = 'the same'
            lines.append(f'| {size:,} | {path} | ' + ' | '.join(cells) + ' |')
            print(lines[-1], flush=True)
        size *= 10
    if given.markdown:
        replace_tables(given.markdown, lines, 'paths')


if __name__ == '__main__':
    main()
