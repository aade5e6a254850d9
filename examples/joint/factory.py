#!/usr/bin/env python3
"""A factory group of four plants finds how large defects of its castings are, by line; no plant shows another a casting.

    factory.py SFUMATO

What is protected is a shift: what a crew did in one of its shifts, all castings of it, can't be read from the result.
"""
import pathlib, random, sys

import together

PLANTS = {'Aare plant': 900, 'Bode plant': 700, 'Doubs plant': 1200, 'Elbe plant': 500}  # shifts
LINES = {'casting': 0.9, 'milling': 0.4, 'coating': 0.6}  # defects of a shift that are looked at
POLICY = '''ledger = "ledger"
most_epsilon = 1
columns = ["line", "millimetres"]
units = ["shift"]
fewest_contributors = 4
[datasets.defects]
tables = ["defects.csv"]
'''


def write_defects(path, plant, shifts):
    """Defects of so many shifts: most are small, and coating has larger ones."""
    draw = random.Random(plant)
    with open(path, 'w') as table:
        table.write('shift,line,millimetres\n')
        for shift in range(shifts):
            line = draw.choice(list(LINES))
            for _ in range(min(int(draw.expovariate(1 / LINES[line])), 4)):
                size = draw.lognormvariate(-0.4 + 0.5 * (line == 'coating'), 0.7)
                table.write(f'{plant[0]}{shift},{line},{min(size, 9.9):.2f}\n')


def main():
    sfumato = together.Program(sys.argv[1])
    mail = lambda home: ['--mail', 'mail']
    together.make_homes(sfumato, list(PLANTS), POLICY, {'defects': ['--epsilon', '3']}, mail)
    for plant, shifts in PLANTS.items():
        write_defects(pathlib.Path(plant, 'defects.csv'), plant, shifts)
    done = together.run(sfumato, list(PLANTS), together.HERE / 'defects.toml', mail)
    print(sfumato('joint', 'result', 'Aare plant', *done), end='')


if __name__ == '__main__':
    together.in_a_folder(main)
