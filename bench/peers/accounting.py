#!/usr/bin/env python3
"""Asks accountants the same questions in one run: time, peak memory, gap, and on which side of the truth each lands.

    bench/peers/accounting.py --program build/check/sfumato --ask build/bench/bench/ask_account [--venv build/peers]
                              [--markdown docs/measured/accounting.md]

Makes a virtual environment with dp-accounting, prv-accountant, autodp and opendp where it is not there yet. Each
answer is a process of its own. Times are seconds of the processor from the question to the answer: peers without
their imports, ours as a program that is linked with the library asks it, the first time and the median of several.
What the whole program takes, with its start, stands in a row of its own.
"""
import argparse, json, os, pathlib, resource, subprocess, time

from one_run import environment, replace_tables

PACKAGES = ['dp-accounting==0.6.0', 'prv-accountant==0.2.0', 'autodp==0.2.3.1', 'opendp==0.16.0']
SECONDS = 300

# k releases with Gaussian noise of σ on Poisson samples of rate q, and the true ε at δ. The truth is that of a
# contour integral with mpmath at 30 digits or more; where q is 1, of the closed form.
SETTINGS = [
    {'name': 'q = 0.01, σ = 1, k = 10^3, δ = 1e-6', 'q': 0.01, 'sigma': 1, 'k': 10**3, 'delta': 1e-6, 'truth': 2.12451517112},
    {'name': 'q = 0.01, σ = 1, k = 10^4, δ = 1e-10', 'q': 0.01, 'sigma': 1, 'k': 10**4, 'delta': 1e-10, 'truth': 9.31613853},
    {'name': 'q = 0.05, σ = 1, k = 10^3, δ = 1e-10', 'q': 0.05, 'sigma': 1, 'k': 10**3, 'delta': 1e-10, 'truth': 16.5478096},
    {'name': 'q = 0.1, σ = 4, k = 10^4, δ = 1e-10', 'q': 0.1, 'sigma': 4, 'k': 10**4, 'delta': 1e-10, 'truth': 18.9703298},
    {'name': 'q = 0.02, σ = 1.5, k = 10^5, δ = 1e-10', 'q': 0.02, 'sigma': 1.5, 'k': 10**5, 'delta': 1e-10, 'truth': 40.7565416},
    {'name': 'q = 0.01, σ = 1, k = 10^4, δ = 1e-20', 'q': 0.01, 'sigma': 1, 'k': 10**4, 'delta': 1e-20, 'truth': 13.87977271667},
    {'name': 'q = 0.001, σ = 1, k = 10^6, δ = 1e-6', 'q': 0.001, 'sigma': 1, 'k': 10**6, 'delta': 1e-6, 'truth': 6.69427266},
    {'name': 'no sampling, σ = 10, k = 100, δ = 1e-5', 'q': 1, 'sigma': 10, 'k': 100, 'delta': 1e-5, 'truth': 4.37717809568122},
]
DIGITS = 2e-8  # of the truth, relatively: nearer than this no side is told


# ---- the peers: each gives a lower and an upper bound of ε, or None where it claims none

def dp_accounting(s, h):
    from dp_accounting.pld import privacy_loss_distribution as pld
    begin = time.process_time()
    bounds = []
    for pessimistic in (False, True):
        one = pld.from_gaussian_mechanism(s['sigma'], sampling_prob=s['q'], value_discretization_interval=h,
                                          pessimistic_estimate=pessimistic)
        bounds.append(one.self_compose(s['k']).get_epsilon_for_delta(s['delta']))
    return begin, bounds


def prv_accountant(s, error):
    import prv_accountant as prv
    begin = time.process_time()
    if s['q'] < 1:
        law = prv.PoissonSubsampledGaussianMechanism(noise_multiplier=s['sigma'], sampling_probability=s['q'])
    else:
        law = prv.GaussianMechanism(noise_multiplier=s['sigma'])
    accountant = prv.PRVAccountant(prvs=[law], max_self_compositions=[s['k']], eps_error=error,
                                   delta_error=s['delta'] / 1000)
    lower, _, upper = accountant.compute_epsilon(s['delta'], [s['k']])
    return begin, [lower, upper]


def autodp(s, _):
    from autodp.mechanism_zoo import GaussianMechanism
    from autodp.transformer_zoo import AmplificationBySampling, Composition
    begin = time.process_time()
    one = GaussianMechanism(s['sigma'])
    if s['q'] < 1:
        one.neighboring = 'add_remove'
        one = AmplificationBySampling(PoissonSampling=True).amplify(one, s['q'], improved_bound_flag=True)
    return begin, [None, Composition().compose([one], [s['k']]).get_approxDP(s['delta'])]


def opendp(s, _):
    import opendp.prelude as dp
    dp.enable_features('contrib')
    if s['q'] < 1:
        raise NotImplementedError('it composes no Poisson samples')
    begin = time.process_time()
    space = dp.atom_domain(T=float, nan=False), dp.absolute_distance(T=float)
    one = dp.m.make_gaussian(*space, scale=float(s['sigma']))
    all_of_them = dp.c.make_zCDP_to_approxDP(dp.c.make_composition([one] * s['k']))
    return begin, [None, all_of_them.map(1.0).epsilon(s['delta'])]


PEERS = {'dp-accounting (h = 1e-4)': (dp_accounting, 1e-4), 'prv-accountant (0.01)': (prv_accountant, 0.01),
         'autodp (RDP)': (autodp, None), 'opendp (zCDP)': (opendp, None)}


def answer_as_peer(peer, index):
    """Runs in the virtual environment: prints what the peer says."""
    import warnings
    warnings.simplefilter('ignore')
    function, parameter = PEERS[peer]
    begin, (lower, upper) = function(SETTINGS[index], parameter)
    seconds = time.process_time() - begin
    print(json.dumps({'seconds': seconds, 'lower': lower if lower is None else float(lower), 'upper': float(upper)}))


# ---- one run

def measured(command):
    """What a command prints, its seconds and its peak of memory in MB; or why it did not."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)))
    out, err = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        return {'wrong': (err.strip().splitlines() or ['ran out of its %d s' % SECONDS])[-1].split('Error: ')[-1][:80].rstrip()}
    seconds = usage.ru_utime + usage.ru_stime
    return {'json': json.loads(out), 'seconds': seconds, 'megabytes': usage.ru_maxrss / 1024}


def events(s):
    event = 'gaussian(sigma=%s)' % s['sigma']
    if s['q'] < 1:
        event = 'poisson(q=%s, %s)' % (s['q'], event)
    return '%s*%d' % (event, s['k'])


def program(path, s):
    """The program, from its start to its end: the median of five."""
    runs = [measured([path, 'account', events(s), '--delta', repr(s['delta'])]) for _ in range(5)]
    run = sorted(runs, key=lambda run: run.get('seconds', SECONDS))[2]
    if 'json' in run:
        run['json'] = dict(run['json']['epsilon'], seconds=run['seconds'])
    return run


def library(path, s):
    """The library: the median of 15 answers, and the first."""
    run = measured([path, events(s), repr(s['delta']), '15'])
    if 'json' in run:
        run['json'].update(seconds=run['json']['processor'], first=run['json']['first_processor'])
    return run


def side(result, truth):
    """Where the bounds lie: a bound on the wrong side of the truth is no bound."""
    lower, upper = result['lower'], result['upper']
    if upper < truth * (1 - DIGITS):
        return '**upper bound below the truth**'
    if lower is not None and lower > truth * (1 + DIGITS):
        return '**lower bound above the truth**'
    return 'encloses it' if lower is not None else 'above it'


def shown(x):
    return '-' if x is None else '%.9g' % x


def factor(x):
    return '%.0f' % x if x >= 10 else '%.1f' % x


def row(name, run, truth):
    if 'wrong' in run:
        return [name, '-', '-', '-', '-', '-', run['wrong']]
    result = run['json']
    first = ', the first %.4f s' % result['first'] if 'first' in result else ''
    gap = '-' if result['lower'] is None else '%.1e' % (result['upper'] - result['lower'])
    return [name, shown(result['lower']), shown(result['upper']), gap,
            '%.4f s' % result['seconds'] + first, '%.0f MB' % run['megabytes'], side(result, truth)]


def table(s, rows):
    head = ['accountant', 'lower', 'upper', 'gap', 'time', 'peak memory', 'the truth']
    lines = ['### %s: ε = %.10g' % (s['name'], s['truth']), '']
    lines += ['| ' + ' | '.join(cells) + ' |' for cells in [head, ['---'] * len(head), *rows]]
    return '\n'.join(lines) + '\n'


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--program', default='build/check/sfumato')
    options.add_argument('--ask', default='build/bench/bench/ask_account')
    options.add_argument('--venv', type=pathlib.Path, default=pathlib.Path('build/peers'))
    options.add_argument('--markdown', type=pathlib.Path, help='a page whose tables are replaced')
    options.add_argument('--peer', nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.peer:
        return answer_as_peer(given.peer[0], int(given.peer[1]))
    python = environment(given.venv, PACKAGES)
    tables = []
    for index, s in enumerate(SETTINGS):
        own = library(given.ask, s)
        rows = [row('sfumato', own, s['truth']), row('sfumato, the program', program(given.program, s), s['truth'])]
        ratios = []
        for peer in PEERS:
            run = measured([python, __file__, '--peer', peer, str(index)])
            rows.append(row(peer, run, s['truth']))
            if 'json' in run and 'json' in own:
                ratios.append('%s takes %s times as long' % (peer, factor(run['json']['seconds'] / own['json']['seconds'])))
        tables.append(table(s, rows) + ('\n' + '; '.join(ratios) + '.\n' if ratios else ''))
        print(tables[-1], flush=True)
    if given.markdown:
        replace_tables(given.markdown, tables)


if __name__ == '__main__':
    main()
