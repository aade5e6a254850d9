#!/usr/bin/env python3
"""Three hospitals find their readmission rates by region and age band; none of them shows a row.

    hospitals.py SFUMATO            the program; what they say to one another lies in a folder that all of them see
    hospitals.py SFUMATO --tls      each has a folder of its own, and they speak over TLS

Everything happens here, in a folder that is deleted: each hospital has a home, a ledger and its own table, and a
registry adds up.
"""
import os, pathlib, random, re, shutil, subprocess, sys, tempfile

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

    def listen(self, *words):
        """A process that listens, and where: it says so first."""
        process = subprocess.Popen(self.words(words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        return process, re.search('listens at (.*)', process.stderr.readline())[1]

    def words(self, words):
        locked = words[0] == 'joint' and words[1] not in ('plan', 'result')
        return [self.program, *words, *(['--key-env', 'LOCK'] if locked else [])]


def main():
    sfumato, over_tls = Program(sys.argv[1]), '--tls' in sys.argv[2:]
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

        def mail(home):
            return ['--mail', home + ' mail' if over_tls else 'mail']

        # They compare fingerprints, and sign who takes part; the registry, which has no rows, does so too.
        homes = [*HOSPITALS, 'registry']
        members = [home + '/member' for home in homes]
        for home in homes:
            sfumato('joint', 'join', home, *members, '--quorum', '3', *mail(home))

        # The registry writes the plan down; all look at it, and sign. Over TLS it listens for that.
        told = sfumato('joint', 'plan', 'registry', str(HERE / 'readmissions.toml'), *mail('registry'))
        plan = ['--plan', told.split()[0]]
        serve = ['joint', 'serve', 'registry', *mail('registry'), *plan, '--wait', '60']
        parties, connect, who = [], [], []
        if over_tls:
            registry, address = sfumato.listen(*serve, '--listen', '127.0.0.1:0')
            parties, connect, who = [registry], ['--connect', address], ['--coordinator', 'registry']
        for home in HOSPITALS:
            sfumato('joint', 'approve', home, *mail(home), *plan, *connect, *who)

        # Now they run, each by itself.
        for home in HOSPITALS:
            parties.append(sfumato.start('joint', 'contribute', home, *mail(home), *plan, *connect, '--wait', '60'))
        if not over_tls:
            parties.append(sfumato.start(*serve))
        if any([party.wait() for party in parties]):
            sys.exit('a party failed')
        print(sfumato('joint', 'result', 'Alder hospital', *mail('Alder hospital'), *plan), end='')
    finally:
        os.chdir(HERE)
        shutil.rmtree(folder)


if __name__ == '__main__':
    main()
