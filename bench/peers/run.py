#!/usr/bin/env python3
"""Our noise against that of others, in one run on one core: `run.py PROGRAM --venv FOLDER [--svg FILE]`.

PROGRAM is turns.cpp, built; the Python packages go into an environment of their own. All contestants
take turns, one each and then all again, so that what else the machine does hits all alike. Each turn
is measured in CPU time of its own thread. Printed is a table in Markdown: nanoseconds a value in the
best turn and in the middle one, and how often the same law by ours fits into that.
"""
import argparse, os, pathlib, statistics, subprocess

from one_run import environment

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = ['numpy', 'opendp', 'python-dp']
LIMIT = 'keystream'

# Label, contestant, the one of ours that it is compared with, and its kind in the plot.
ROWS = [
    ('AES-256-CTR keystream, 8 bytes a value: the limit', LIMIT, None, 'limit'),
    ('Laplace: sfumato, batch', 'laplace_batch', None, 'ours'),
    ('Laplace: sfumato, one by one', 'laplace_single', None, 'ours'),
    ('Laplace: numpy (insecure)', 'numpy_laplace', 'laplace_batch', 'insecure'),
    ('Exponential: std::exponential_distribution (insecure)', 'std_exponential', 'laplace_batch', 'insecure'),
    ('Laplace: Google by PyDP, one by one', 'pydp_laplace_single', 'laplace_single', 'private'),
    ('Laplace: OpenDP, vector', 'opendp_laplace', 'laplace_batch', 'private'),
    ('Laplace: OpenDP, one by one', 'opendp_laplace_single', 'laplace_single', 'private'),
    ('Gaussian: sfumato, batch', 'gaussian_batch', None, 'ours'),
    ('Gaussian: sfumato, one by one', 'gaussian_single', None, 'ours'),
    ('Gaussian: numpy (insecure)', 'numpy_normal', 'gaussian_batch', 'insecure'),
    ('Gaussian: std::normal_distribution (insecure)', 'std_normal', 'gaussian_batch', 'insecure'),
    ('Gaussian: Google by PyDP, one by one', 'pydp_gaussian_single', 'gaussian_single', 'private'),
    ('Gaussian: OpenDP, vector', 'opendp_gaussian', 'gaussian_batch', 'private'),
    ('Gaussian: OpenDP, one by one', 'opendp_gaussian_single', 'gaussian_single', 'private'),
    ('Discrete Laplace: sfumato, batch', 'discrete_laplace_batch', None, 'ours'),
    ('Discrete Laplace: sfumato, one by one', 'discrete_laplace_single', None, 'ours'),
    ('Discrete Laplace: OpenDP, vector', 'opendp_discrete_laplace', 'discrete_laplace_batch', 'private'),
    ('Discrete Gaussian: sfumato, batch', 'discrete_gaussian_batch', None, 'ours'),
    ('Discrete Gaussian: sfumato, one by one', 'discrete_gaussian_single', None, 'ours'),
    ('Discrete Gaussian: OpenDP, vector', 'opendp_discrete_gaussian', 'discrete_gaussian_batch', 'private'),
]


class Program:
    """Contestants behind a pipe."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def turn(self, name):
        """Nanoseconds a value."""
        print(name, file=self.process.stdin, flush=True)
        nanoseconds, values = map(float, self.process.stdout.readline().split())
        return nanoseconds / values


def measured(program, python, turns):
    """Of each contestant its turns, the first of which (pages, caches, frequency) does not count."""
    script = HERE / 'turns.py'
    packaged = subprocess.run([python, script, '--list'], check=True, capture_output=True, text=True).stdout.split()
    ours, others = Program(program), Program(python, script)
    names = [name for _, name, _, _ in ROWS]
    players = {name: others if name in packaged else ours for name in names
               if name in packaged or not name.startswith(('numpy', 'opendp', 'pydp'))}
    costs = {name: [] for name in players}
    for turn in range(turns + 1):
        for name, player in players.items():
            cost = player.turn(name)
            if turn > 0:
                costs[name].append(cost)
    return costs


def number(x):
    return f'{x:,.0f}' if x >= 100 else f'{x:.3g}'


def table(costs):
    """Markdown; each ratio is of least to least and of median to median."""
    yield '| noise | ns, least | ns, median | of the limit (least, median) | ours is faster by (least, median) |'
    yield '|---|---:|---:|---:|---:|'
    summary = {name: (min(turns), statistics.median(turns)) for name, turns in costs.items()}
    for label, name, rival, _ in ROWS:
        if name not in summary:
            continue
        of_limit = [f'{a / b:.2g}' for a, b in zip(summary[LIMIT], summary[name])]
        faster = [number(a / b) for a, b in zip(summary[name], summary[rival])] if rival else []
        yield (f'| {label} | {number(summary[name][0])} | {number(summary[name][1])} | '
               f'{", ".join(of_limit) if name != LIMIT else ""} | {", ".join(faster)} |')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('program', type=pathlib.Path)
    parser.add_argument('--venv', type=pathlib.Path, required=True)
    parser.add_argument('--svg', type=pathlib.Path)
    parser.add_argument('--turns', type=int, default=15)
    options = parser.parse_args()
    python = environment(options.venv.resolve(), (), PACKAGES)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # children stay on this core, too
    costs = measured(options.program.resolve(), python, options.turns)
    print('\n'.join(table(costs)))
    if options.svg:
        from plot import bars
        options.svg.write_text(bars([(label, min(costs[name]), kind) for label, name, _, kind in ROWS if name in costs]),
                               encoding='utf-8')


if __name__ == '__main__':
    main()
