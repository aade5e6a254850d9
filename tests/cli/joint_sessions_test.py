#!/usr/bin/env python3
"""Sessions of `sfumato joint` whose processes are killed, or go away for good.

    joint_sessions_test.py PROGRAM killed [PATH]      each process is killed at each step, and started again
    joint_sessions_test.py PROGRAM dropouts [PATH]    of ten organisations two go: when they have sealed their shares, or
                                                      when the key is there of which one of them holds a share

PATH is masked, or encrypted.
"""
import json, os, pathlib, shutil, subprocess, sys, tempfile, time

PROGRAM = os.path.abspath(sys.argv[1])
ROWS = 1000  # of each organisation, of which every second one is 1
SECONDS = 120


def sfumato(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode != 0:
        sys.exit('%s: %s' % (' '.join(words), done.stderr))
    return done.stdout


def joint(action, home, *words):
    return sfumato('joint', action, home, *words, '--unlock-file', 'digits')


def make_homes(names):
    for name in names:
        joint('init', name, '--name', name)
        pathlib.Path(name, 'policy.toml').write_text(
            'ledger = "ledger"\nmost_epsilon = 1\ncolumns = ["ill"]\nunits = ["patient"]\n'
            '[datasets.stays]\ntables = ["stays.csv"]\n')
        rows = ''.join('%s%d,%d\n' % (name, i, i % 2) for i in range(ROWS))
        pathlib.Path(name, 'stays.csv').write_text('patient,ill\n' + rows)
        sfumato('budget', 'create', name + '/ledger', '--dataset', 'stays', '--epsilon', '1')


def write_plan(names, dropouts, holders=()):
    """plan.toml: a sum of numbers by `names[0]` as coordinator, which are encrypted where somebody holds a key."""
    pathlib.Path('plan.toml').write_text(
        'title = "ill"\ncoordinator = "%s"\nunit = "patient"\nepsilon = 1\ndropouts = %d\n'
        'organisations_per_person = 1\nmax_rows = 1\nmost_rows = 5000\nexpires = "2099-01-01"\n%s'
        '[[operations]]\nanswer = "sum"\ncolumn = "ill"\nlower = 0\nupper = 1\nstep = 1\n[datasets]\n%s'
        % (names[0], dropouts,
           'path = "encrypted"\nkey_holders = %s\n' % json.dumps(holders) if holders else '',
           ''.join('%s = {name = "stays"}\n' % name for name in names[1:])))


def approved_plan(names, dropouts, holders=()):
    """The flags that name a plan, which all have signed."""
    members = [name + '/member' for name in names]
    for name in names:
        joint('join', name, *members, '--quorum', str(len(names)), '--mail', 'mail')
    write_plan(names, dropouts, holders)
    told = sfumato('joint', 'plan', names[0], 'plan.toml', '--mail', 'mail')
    plan = ['--mail', 'mail', '--plan', told.split()[0]]
    for name in names:
        joint('approve', name, *plan, *(['--look'] if name == names[0] else []))
    joint('approve', names[0], *plan)
    return plan


class Process:
    """One organisation's process, which can be killed and started again."""

    def __init__(self, action, home, plan, *words):
        self.words = [PROGRAM, 'joint', action, home, *plan, '--unlock-file', 'digits', '--wait', str(SECONDS), *words]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        if self.process.wait(SECONDS) != 0:
            sys.exit('%s: %s' % (' '.join(self.words[1:4]), self.process.stderr.read()))


def expect_refused(home, plan, why):
    """Who contributes is told that."""
    done = subprocess.run([PROGRAM, 'joint', 'contribute', home, *plan, '--unlock-file', 'digits'], capture_output=True,
                          text=True, timeout=SECONDS)
    if done.returncode != 1 or why not in done.stderr:
        sys.exit('%s is not told that it %s, but %s%s' % (home, why, done.stdout, done.stderr))


def await_file(pattern):
    end = time.monotonic() + SECONDS
    while not list(pathlib.Path('mail').glob(pattern)):
        if time.monotonic() > end:
            sys.exit('%s does not come' % pattern)
        time.sleep(0.002)


def check_result(plan, home, parties, present):
    told = json.loads(sfumato('joint', 'result', home, *plan, '--format', 'json'))
    value = told['groups'][0]['values'][0]['value']
    # Noise of scale 1 is beyond 100 with odds below e^-99; more than the whole of it may be there.
    if told['present'] != present or abs(value - present * ROWS / 2) > 200:
        sys.exit('wrong: %s of %s' % (value, told['present']))
    for name in parties:
        account = json.loads(sfumato('budget', 'show', name + '/ledger', '--format', 'json'))
        if '"1"' not in json.dumps(account) and ': 1' not in json.dumps(account):
            sys.exit('%s was charged otherwise: %s' % (name, account))
        sfumato('budget', 'verify', name + '/ledger')


def has_turn(name, step, holders):
    """Where numbers are encrypted, who holds no key says them in round 4, and nothing else."""
    return not holders or name in holders or step == 4


def killed(path):
    names = ['chief', 'east', 'north', 'south']
    make_homes(names)
    holders = ['east', 'north'] if path == 'encrypted' else []
    plan = approved_plan(names, 0, holders)
    place = {name: i for i, name in enumerate(sorted(names))}
    server = Process('serve', 'chief', plan)
    parties = {}
    for name in names[1:3]:  # the last one's word would let all of them begin
        parties[name] = Process('contribute', name, plan)
        await_file('plan-*/word.%d' % place[name])
        parties[name].kill()
        parties[name].start()
    if holders:
        joint('contribute', 'south', *plan)  # enters, and waits for the key
        shutil.copytree('south', 'backup')
    parties['south'] = Process('contribute', 'south', plan)
    for step in range(1, 6):
        for name, party in parties.items():
            if not has_turn(name, step, holders):
                continue
            await_file('plan-*/*/from.%d.%d' % (place[name], step))
            party.kill()
            party.start()
        server.kill()
        server.start()
    for process in [server, *parties.values()]:
        process.end()
    check_result(plan, 'east', names[1:], 3)
    if holders:
        expect_refused('backup', plan, 'was told something else in round 4: this home or its ledger was set back since')


def dropouts(path):
    if path == 'encrypted':
        return dropouts_of_ciphertexts()
    names = ['org%d' % i for i in range(10)]
    make_homes(['chief', *names])
    plan = approved_plan(['chief', *names], 2)
    begin = time.monotonic()
    gone = [Process('contribute', name, plan) for name in names[8:]]
    parties = [Process('contribute', name, plan) for name in names[:8]]
    server = Process('serve', 'chief', plan)
    for i, party in enumerate(gone):
        await_file('plan-*/*/from.%d.2' % (9 + i))
        party.kill()
    if not list(pathlib.Path('mail').glob('plan-*/*/from.10.3')):  # one may have been quicker than we
        for i in range(1, 9):
            await_file('plan-*/*/from.%d.3' % i)
        server.kill()
        joint('serve', 'chief', *plan, '--close')
        server.start()
    for process in [server, *parties]:
        process.end()
    print('a session of 10, without 2: %.2f s' % (time.monotonic() - begin))
    present = json.loads(sfumato('joint', 'result', 'org0', *plan, '--format', 'json'))['present']
    check_result(plan, 'org0', names, present)


def close_by_hand(server, plan):
    """Who is late is left out of the open round."""
    server.kill()
    joint('serve', 'chief', *plan, '--close')
    server.start()


def dropouts_of_ciphertexts():
    names = ['org%d' % i for i in range(10)]
    make_homes(['chief', *names])
    plan = approved_plan(['chief', *names], 2, names[:3])
    begin = time.monotonic()
    parties = {name: Process('contribute', name, plan) for name in names}
    await_file('plan-*/word.10')
    parties.pop('org9').kill()  # before it has heard of a key
    server = Process('serve', 'chief', plan)
    await_file('plan-*/*/from.3.3')
    parties.pop('org2').kill()  # who holds a share of it
    for i in [1, 2, *range(4, 10)]:
        await_file('plan-*/*/from.%d.4' % i)
    if not list(pathlib.Path('mail').glob('plan-*/*/to.1.4')):  # each may have been quicker than we
        close_by_hand(server, plan)
    for i in 1, 2:
        await_file('plan-*/*/from.%d.5' % i)
    if not list(pathlib.Path('mail').glob('plan-*/sums')):
        close_by_hand(server, plan)
    for process in [server, *parties.values()]:
        process.end()
    print('a session of 10, without 2: %.2f s' % (time.monotonic() - begin))
    present = json.loads(sfumato('joint', 'result', 'org0', *plan, '--format', 'json'))['present']
    check_result(plan, 'org0', names, present)
    expect_refused('org9', plan, 'has ended without this organisation, which was late in round 4')


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pathlib.Path('digits').write_text('0123456789abcdef' * 4 + '\n')
        os.chmod('digits', 0o600)
        {'killed': killed, 'dropouts': dropouts}[sys.argv[2]](sys.argv[3] if len(sys.argv) > 3 else 'masked')
        os.chdir('/')


if __name__ == '__main__':
    main()
