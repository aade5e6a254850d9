#!/usr/bin/env python3
"""Three hospitals find their readmission rates by region and age band; none of them shows a row.

    hospitals.py SFUMATO            the program; what they say to one another lies in a folder that all of them see
    hospitals.py SFUMATO --tls      each has a folder of its own, and they speak over TLS
"""
import pathlib, random, sys

import together

HOSPITALS = {'Alder hospital': 4000, 'Birch hospital': 6000, 'Cedar hospital': 3000}
RATE = {'0-17': 0.05, '18-64': 0.11, '65+': 0.19}
POLICY = '''ledger = "ledger"
most_epsilon = 1
columns = ["region", "age", "readmitted"]
units = ["patient"]
fewest_contributors = 3
[datasets.stays]
tables = ["stays.csv"]
'''


def write_stays(path, hospital, patients):
    """Stays of so many patients, some of whom come twice."""
    draw = random.Random(hospital)
    with open(path, 'w') as table:
        table.write('patient,region,age,readmitted\n')
        for patient in range(patients):
            region = draw.choice(['north', 'north', 'south'])
            age = draw.choices(list(RATE), [1, 4, 3])[0]
            for _ in range(draw.choice([1, 1, 1, 2])):
                table.write(f'{hospital[0]}{patient},{region},{age},{int(draw.random() < RATE[age])}\n')


def main():
    sfumato, over_tls = together.Program(sys.argv[1]), '--tls' in sys.argv[2:]

    def mail(home):
        return ['--mail', home + ' mail' if over_tls else 'mail']

    together.make_homes(sfumato, list(HOSPITALS), POLICY, {'stays': ['--epsilon', '5']}, mail)
    for name, patients in HOSPITALS.items():
        write_stays(pathlib.Path(name, 'stays.csv'), name, patients)
    done = together.run(sfumato, list(HOSPITALS), together.HERE / 'readmissions.toml', mail, over_tls)
    print(sfumato('joint', 'result', 'Alder hospital', *done), end='')


if __name__ == '__main__':
    together.in_a_folder(main)
