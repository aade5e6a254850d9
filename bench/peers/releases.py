#!/usr/bin/env python3
"""The best release of a table, and its risk: ours, beside what ARX is known to answer, and beside pycanon.

    bench/peers/releases.py --program build/bench/sfumato --ask build/bench/bench/ask_releases --folder ../shared/data/adult \\
        --venv build/bench/releases_python [--markdown docs/measured/releases.md]

FOLDER holds adult.csv and its hierarchies, as the ARX project hands them out. Optima are asked of a process of its own, which
counts the processor's seconds of the search. ARX needs Java and its own distribution, and is not run: its figures are those that
this project was asked to beat, of a warm machine that is not this one, and say no more than an order of magnitude. Risk is asked
of the table as it came, by few columns, and by these with one race taken out.
"""
import argparse, csv, pathlib, resource, statistics, tempfile

from one_run import answer_of, environment, replace_tables

NAME = 'adult'
ARX = {'0': 72, '0.02': 966, '0.05': 947, '1': 3376}  # milliseconds, k = 5
METRICS = ['loss', 'geometric-loss', 'precision', 'entropy', 'discernibility', 'discernibility-of-all', 'average-class']
QUASI = ['sex', 'age', 'race', 'marital-status', 'education']
FEW = ['sex', 'race']
SENSITIVE = 'occupation'
PYCANON = '''
import json, sys, time
import pandas
from pycanon import anonymity
quasi, sensitive = sys.argv[2].split(','), [sys.argv[3]]
begin = time.process_time()
table = pandas.read_csv(sys.argv[1])
def told(figure):
    try:
        return float(figure())
    except Exception as error:
        return type(error).__name__
answer = {'k': told(lambda: anonymity.k_anonymity(table, quasi)), 'l': told(lambda: anonymity.l_diversity(table, quasi, sensitive)),
          't': told(lambda: anonymity.t_closeness(table, quasi, sensitive)),
          'beta': told(lambda: anonymity.basic_beta_likeness(table, quasi, sensitive))}
answer['seconds'] = time.process_time() - begin
print(json.dumps(answer))
'''


def optima(given):
    lines = ['', '| best generalisation, k = 5, suppressed at most | levels | suppressed | exactly | ms: least | median | ARX, asked to beat |',
             '| --- | --- | --- | --- | --- | --- | --- |']
    for metric in METRICS:
        for limit, arx in ARX.items():
            answers = [answer_of(given.ask, given.folder, NAME, 5, limit, metric) for _ in range(given.turns)]
            times = [1000 * one['seconds'] for one in answers]
            one = answers[0]
            exactly = one['exactly'] if len(one['exactly']) < 40 else ''
            lines.append('| %s, %g %% | %s | %d | %s | %.0f | %.0f | %s |' % (
                metric, 100 * float(limit), ' '.join(map(str, one['levels'])), one['suppressed'], exactly, min(times),
                statistics.median(times), arx if metric == 'loss' else ''))
    return lines


def ours(given, table, quasi):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = answer_of(given.program, 'risk', table, '--quasi', ','.join(quasi), '--sensitive', SENSITIVE, '--format', 'json',
                       '--threads', 1)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spread = answer['sensitive']
    return {'k': answer['smallest_class'], 'l': spread['fewest_values'], 't': spread['greatest_distance'], 'beta': spread['greatest_gain'],
            'seconds': after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 'rows': answer['rows']}


def pycanon(python, table, quasi):
    return answer_of(python, '-c', PYCANON, table, ','.join(quasi), SENSITIVE)


def risks(given, python):
    with open(given.folder / (NAME + '.csv'), encoding='utf-8', newline='') as file:
        head, *rows = csv.reader(file, delimiter=';')
    gap = [row[:] for row in rows]
    gap[0][head.index('race')] = ''
    cases = [(QUASI, '', rows), (FEW, '', rows), (FEW, ', one race missing', gap)]
    lines = ['', '| risk of %d rows | k | l | t | β | CPU s |' % len(rows), '| --- | --- | --- | --- | --- | --- |']
    shown = lambda figure: figure if isinstance(figure, str) else '%.6g' % figure
    with tempfile.TemporaryDirectory() as directory:
        for quasi, what, table in cases:
            path = pathlib.Path(directory) / 'table.csv'
            with open(path, 'w', encoding='utf-8', newline='') as file:
                csv.writer(file).writerows([head, *table])
            for name, answer in (('sfumato', ours(given, path, quasi)), ('pycanon', pycanon(python, path, quasi))):
                lines.append('| %s, by %s%s | %s | %.2f |' % (name, ', '.join(quasi), what, ' | '.join(shown(answer[key]) for key in ('k', 'l', 't', 'beta')),
                                                         answer['seconds']))
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('--program', '--ask', '--folder', '--venv'):
        parser.add_argument(name, required=True, type=pathlib.Path)
    parser.add_argument('--turns', type=int, default=5)
    parser.add_argument('--markdown', type=pathlib.Path)
    given = parser.parse_args()
    lines = optima(given) + risks(given, environment(given.venv, ['pycanon']))
    print('\n'.join(lines))
    if given.markdown:
        replace_tables(given.markdown, lines)


if __name__ == '__main__':
    main()
