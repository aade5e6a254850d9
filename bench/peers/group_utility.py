#!/usr/bin/env python3
"""How many groups are shown and how far counts, sums and means are off: ours and PipelineDP on one file, in one run.

    bench/peers/group_utility.py visits.parquet --program build/bench/sfumato --venv build/tables_python [--runs 5] [--markdown PAGE]

Both are asked what bench/peers/group_by.py asks by region: amounts clamped to 0 … 500, 3 groups of a person and 2 rows in each, ε = 1,
δ = 1e-6; their counts are of rows with an amount. Errors are those against bounded aggregates without noise, which are themselves
random: against the mean over --exact runs of ours at ε = 2^20. Without a file, a table of 1 M rows is made as there.
"""
import argparse, csv, io, json, pathlib, statistics, subprocess, sys

from group_by import OPTIONAL, PACKAGES, measured, pipelinedp_answers
from one_run import environment, replace_tables

ASKED = 'count(amount), sum(amount), mean(amount)'


def ours(program, table, epsilon, delta='1e-6'):
    run = measured([program, 'query', table, '--unit', 'user_id', '--by', 'region', '--select', ASKED, '--clamp', 'amount=0:500',
                    '--max-groups', '3', '--max-rows', '2', '--epsilon', str(epsilon), '--delta', delta, '--format', 'csv'])
    rows = list(csv.reader(io.StringIO(run['out'])))[1:]
    return {row[0]: [float(row[1 + 3 * i]) for i in range(3)] for row in rows}


def theirs(python, table):
    run = measured([python, __file__, '--peer', table])
    return dict(json.loads(run['out']))


def errors(answers, exact, groups):
    """The median errors of count, sum and mean in these groups."""
    return [statistics.median(abs(answers[group][i] - exact[group][i]) for group in groups) for i in range(3)]


def lines(runs, exact):
    """A line a library: groups shown in each run; the medians over runs of median errors, of all groups that are shown
    and of those that are shown in each run of everybody."""
    common = set.intersection(*(set(answers) for all_of_it in runs.values() for answers in all_of_it))
    head = ['of the 1 M-row table', 'groups shown', 'count', 'sum', 'mean', f'count of {len(common)} groups', 'sum', 'mean']
    rows = [head, ['---'] * len(head)]
    for name, all_of_it in runs.items():
        shown = [statistics.median(column) for column in zip(*(errors(a, exact, a) for a in all_of_it))]
        alike = [statistics.median(column) for column in zip(*(errors(a, exact, common) for a in all_of_it))]
        groups = sorted(len(answers) for answers in all_of_it)
        rows.append([name, f'{groups[0]} - {groups[-1]}'] +
                    [text for each in (shown, alike) for text in ('%.1f' % each[0], '%.0f' % each[1], '%.2f' % each[2])])
    return '\n'.join('| ' + ' | '.join(row) + ' |' for row in rows) + '\n'


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('table', nargs='?', type=pathlib.Path)
    options.add_argument('--program', default='build/check/sfumato')
    options.add_argument('--venv', type=pathlib.Path, default=pathlib.Path('build/tables_python'))
    options.add_argument('--runs', type=int, default=5)
    options.add_argument('--exact', type=int, default=20)
    options.add_argument('--markdown', type=pathlib.Path, help='a page whose tables of utility are replaced')
    options.add_argument('--peer', help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.peer:
        return print(json.dumps(pipelinedp_answers(given.peer, 'region')))
    python = environment(given.venv, PACKAGES, [OPTIONAL['pipelinedp']])
    if given.table is None:
        given.table = given.venv / 'visits_1000000.parquet'
        if not given.table.exists():
            maker = pathlib.Path(__file__).with_name('group_by.py')
            subprocess.run([python, maker, '--peer', 'table', str(given.table), '1000000'], check=True)
    table = str(given.table)
    exact_runs = [ours(given.program, table, 2**20) for _ in range(given.exact)]
    everywhere = set.intersection(*map(set, exact_runs))
    exact = {group: [statistics.mean(run[group][i] for run in exact_runs) for i in range(3)] for group in everywhere}
    runs = {'sfumato': [], 'PipelineDP': []}
    for _ in range(given.runs):
        runs['sfumato'].append(ours(given.program, table, 1))
        runs['PipelineDP'].append(theirs(python, table))
        print(*(f'{name} {len(made[-1])}' for name, made in runs.items()), file=sys.stderr, flush=True)
    made = lines(runs, exact)
    print(made)
    if given.markdown:
        replace_tables(given.markdown, [made], 'utility')


if __name__ == '__main__':
    main()
