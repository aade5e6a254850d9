#!/usr/bin/env python3
"""Trainings by `sfumato joint train`, each of whose parties is one process.

    joint_training_test.py PROGRAM killed      processes are killed again and again, and started again
    joint_training_test.py PROGRAM late        of four organisations one is away for some time, and left out meanwhile
    joint_training_test.py PROGRAM encrypted   sums are of ciphertexts
    joint_training_test.py PROGRAM once        a round is signed with one list of weights
"""
import json, os, pathlib, re, signal, subprocess, sys, tempfile, time

PROGRAM = os.path.abspath(sys.argv[1])
NAMES = ['east', 'north', 'south', 'west']
HOMES = [*NAMES, 'chief']
ROUNDS = 3
SECONDS = 120


def sfumato(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode != 0:
        sys.exit('%s: %s' % (' '.join(words), done.stderr))
    return done.stdout


def make_homes():
    for name in HOMES:
        sfumato('joint', 'init', name, '--name', name, '--unlock-file', 'digits')
    for name in NAMES:
        pathlib.Path(name, 'policy.toml').write_text(
            'ledger = "ledger"\nmost_epsilon = 0\nmost_rho = 3\ncolumns = ["age", "ill"]\nunits = ["patient"]\n'
            '[datasets.stays]\ntables = ["stays.csv"]\n')
        rows = ''.join('%d,%d,%d\n' % (i, i % 100, i % 100 > 60) for i in range(1000))
        pathlib.Path(name, 'stays.csv').write_text('patient,age,ill\n' + rows)
        sfumato('budget', 'create', name + '/ledger', '--dataset', 'stays', '--rho', '3')
    for name in HOMES:
        sfumato('joint', 'join', name, *[home + '/member' for home in HOMES], '--quorum', '4', '--mail', 'mail',
                '--unlock-file', 'digits')


def write_training(more):
    pathlib.Path('training.toml').write_text(
        'title = "ill"\ncoordinator = "chief"\nunit = "patient"\nrho = 3\ndelta = 1e-6\n' + more +
        'organisations_per_person = 1\nmost_rows = 2000\nexpires = "2099-01-01"\n[datasets]\n'
        + ''.join('%s = {name = "stays"}\n' % name for name in NAMES) +
        '[model]\ntarget = "ill"\nclip = 1.4\nstep = 0.1\nrate = 4\nrounds = %d\npeople = 4000\n'
        '[[model.features]]\ncolumn = "age"\nlower = 0\nupper = 100\n' % ROUNDS)


def start(home, *more):
    return subprocess.Popen([PROGRAM, 'joint', 'train', home, 'training.toml', '--mail', 'mail', '-o', home + '/model.json',
                             '--wait', str(SECONDS), '--unlock-file', 'digits', *more],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def check(processes):
    """All end well with one model, which has learnt that age is bad, and each ledger paid each round once."""
    for home, process in processes.items():
        if process.wait(SECONDS) != 0:
            sys.exit('%s: %s' % (home, process.stderr.read()))
    models = {pathlib.Path(home, 'model.json').read_text() for home in HOMES}
    if len(models) != 1:
        sys.exit('%d models' % len(models))
    model = json.loads(models.pop())
    if not 1 < float(model['features'][0]['weight']) < 4:
        sys.exit('wrong: %s' % model)
    for name in NAMES:
        lines = [json.loads(line) for line in sfumato('budget', 'export', name + '/ledger').splitlines()]
        charges = [line['loss'] for line in lines if line['kind'] == 'charge']
        if charges != ['1'] * ROUNDS:
            sys.exit('%s was charged %s' % (name, charges))
        sfumato('budget', 'verify', name + '/ledger')
    return model


def killed():
    write_training('')
    processes = {home: start(home) for home in HOMES}
    for turn in range(12):
        time.sleep(0.1)
        home = HOMES[turn % len(HOMES)]
        if processes[home].poll() is None:
            processes[home].kill()
            processes[home].wait()
            processes[home] = start(home)
    check(processes)


def late():
    write_training('dropouts = 1\n')
    processes = {home: start(home, *(['--round', '0.5'] if home == 'chief' else [])) for home in HOMES}
    end = time.monotonic() + SECONDS
    while len(list(pathlib.Path('mail').glob('plan-*/sums'))) < 1 and time.monotonic() < end:
        time.sleep(0.002)
    processes['west'].send_signal(signal.SIGSTOP)
    time.sleep(1)
    processes['west'].send_signal(signal.SIGCONT)
    check(processes)


def encrypted():
    write_training('path = "encrypted"\n')
    check({home: start(home) for home in HOMES})


def once():
    """Whoever signed a round and is then shown other sums of those before it, derives another plan, and does not sign it."""
    write_training('')
    check({home: start(home) for home in HOMES})
    book = pathlib.Path('east/book')
    if len(re.findall(r'(?m)^round ', book.read_text())) != ROUNDS:
        sys.exit('the book does not tell the rounds: %s' % book.read_text())
    max(pathlib.Path('mail').glob('plan-*/sums'), key=lambda sums: sums.stat().st_mtime_ns).unlink()
    book.write_text(re.sub(r'(?m)^(round [0-9a-f]{64} )[0-9a-f]{64}$', lambda line: line[1] + 32 * 'a5', book.read_text()))
    again = start('east')
    if again.wait(SECONDS) != 1 or 'was signed with other weights' not in (said := again.stderr.read()):
        sys.exit('%s: %s' % (again.returncode, said))


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pathlib.Path('digits').write_text('0123456789abcdef' * 4 + '\n')
        os.chmod('digits', 0o600)
        make_homes()
        {'killed': killed, 'late': late, 'encrypted': encrypted, 'once': once}[sys.argv[2]]()
        os.chdir('/')


if __name__ == '__main__':
    main()
