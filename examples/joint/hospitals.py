#!/usr/bin/env python3
"""Three hospitals find their readmission rates by region and age band; none of them shows a row.

    hospitals.py SFUMATO      the program

Everything happens here, in a folder that is deleted: each hospital has a home, a ledger and its own table, a registry
adds up, and what they say to one another lies in a folder that all of them see.
"""
import os, pathlib, random, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
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


class Program:
    def __init__(self, program):
        self.program = os.path.abspath(program)

    def __call__(self, *words):
        return subprocess.run(self.words(words), check=True, capture_output=True, text=True).stdout

    def start(self, *words):
        return subprocess.Popen(self.words(words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def words(self, words):
        locked = words[0] == 'joint' and words[1] not in ('plan', 'result')
        return [self.program, *words, *(['--key-env', 'LOCK'] if locked else [])]


def main():
    sfumato = Program(sys.argv[1])
    os.environ['LOCK'] = random.SystemRandom().randbytes(32).hex()
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    try:
        # Each hospital makes its home, says in its policy what others may ask, and opens a budget.
        for name, patients in HOSPITALS.items():
            sfumato('joint', 'init', name, '--name', name)
            pathlib.Path(name, 'policy.toml').write_text(POLICY)
            write_stays(pathlib.Path(name, 'stays.csv'), name, patients)
            sfumato('budget', 'create', name + '/ledger', '--dataset', 'stays', '--epsilon', '5')
        sfumato('joint', 'init', 'registry', '--name', 'registry')

        # They compare fingerprints, and sign who takes part; the registry, which has no rows, does so too.
        homes = [*HOSPITALS, 'registry']
        members = [home + '/member' for home in homes]
        for home in homes:
            sfumato('joint', 'join', home, *members, '--quorum', '3', '--mail', 'mail')

        # One of them writes the plan down; all look at it, and sign.
        told = sfumato('joint', 'plan', 'registry', str(HERE / 'readmissions.toml'), '--mail', 'mail')
        plan = ['--mail', 'mail', '--plan', told.split()[0]]
        for home in HOSPITALS:
            sfumato('joint', 'approve', home, *plan)

        # Now they run, each by itself.
        parties = [sfumato.start('joint', 'contribute', home, *plan, '--wait', '60') for home in HOSPITALS]
        parties.append(sfumato.start('joint', 'serve', 'registry', *plan, '--wait', '60'))
        if any([party.wait() for party in parties]):
            sys.exit('a party failed')
        print(sfumato('joint', 'result', 'Alder hospital', *plan), end='')
    finally:
        os.chdir(HERE)
        shutil.rmtree(folder)


if __name__ == '__main__':
    main()
