"""What the examples of this folder have in common: organisations that are all on this machine, each with a home, a
ledger and tables of its own, and a registry that adds up. Everything lies in a folder that is deleted."""
import os, pathlib, random, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent


class Program:
    """`sfumato`, which finds the lock of each home's key in the environment."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        os.environ['LOCK'] = random.SystemRandom().randbytes(32).hex()

    def __call__(self, *words):
        done = subprocess.run(self.words(words), capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit('%s: %s' % (' '.join(words), done.stderr))
        return done.stdout

    def start(self, *words):
        return subprocess.Popen(self.words(words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def listen(self, *words):
        """A process that listens, and where: it says so first."""
        process = subprocess.Popen(self.words(words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        return process, re.search('listens at (.*)', process.stderr.readline())[1]

    def words(self, words):
        locked = words[0] == 'joint' and words[1] not in ('plan', 'result', 'score')
        return [self.program, *words, *(['--key-env', 'LOCK'] if locked else [])]


def wait_for(processes):
    if any([process.wait() for process in processes]):
        sys.exit('a party failed')


def in_a_folder(work):
    """Calls `work` in a new folder, which is gone when it ends."""
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    try:
        work()
    finally:
        os.chdir(HERE)
        shutil.rmtree(folder)


def make_homes(sfumato, names, policy, budgets, mail):
    """Each organisation makes its home, says in its policy what others may ask, and opens its budgets: caps by the name
    of a dataset. They compare fingerprints, and sign who takes part; the registry, which has no rows, does so too."""
    for name in names:
        sfumato('joint', 'init', name, '--name', name)
        pathlib.Path(name, 'policy.toml').write_text(policy)
        for dataset, caps in budgets.items():
            sfumato('budget', 'create', name + '/ledger', '--dataset', dataset, *caps)
    sfumato('joint', 'init', 'registry', '--name', 'registry')
    homes = [*names, 'registry']
    for home in homes:
        sfumato('joint', 'join', home, *[each + '/member' for each in homes], '--quorum', str(len(names)), *mail(home))


def run(sfumato, names, plan_file, mail, over_tls=False):
    """The registry writes a plan down; all look at it, and sign: over TLS it listens for that. Then they run, each by
    itself. What came out."""
    told = sfumato('joint', 'plan', 'registry', str(plan_file), *mail('registry'))
    plan = ['--plan', told.split()[0]]
    serve = ['joint', 'serve', 'registry', *mail('registry'), *plan, '--wait', '60']
    parties, connect, who = [], [], []
    if over_tls:
        registry, address = sfumato.listen(*serve, '--listen', '127.0.0.1:0')
        parties, connect, who = [registry], ['--connect', address], ['--coordinator', 'registry']
    for home in names:
        sfumato('joint', 'approve', home, *mail(home), *plan, *connect, *who)
    for home in names:
        parties.append(sfumato.start('joint', 'contribute', home, *mail(home), *plan, *connect, '--wait', '60'))
    if not over_tls:
        parties.append(sfumato.start(*serve))
    wait_for(parties)
    return [*mail(names[0]), *plan]
