#!/usr/bin/env python3
"""Counts, sums and means by group, bounded for each person: ours and others take turns on one file.

    bench/peers/group_by.py visits.parquet --program build/bench/sfumato [--venv build/tables_python] [--markdown docs/measured/tables.md]

The file has the columns user_id, region, code and amount; without one, a table of --rows rows is made that is like visits: a
twentieth as many people with Zipf-like activity, 1,000 regions, 20,000 codes. Makes a virtual environment with duckdb
(and numpy, pyarrow to make the table) where it is not there yet. Each answer is a process of its own; CPU time is that of the
process by getrusage, of those that Python asks that of the query alone, without its start. Ours stands there twice: the whole
process, and without its start, which is what `--version` takes in the same turn. Peers that are optional
(--optional polars opendp pipelinedp) are measured where they can be installed: OpenDP on Polars, and PipelineDP by its local
backend, which takes minutes for 10 M rows.
"""
import argparse, csv, io, json, os, pathlib, statistics, subprocess, sys, time

from one_run import environment, replace_tables

PACKAGES = ['duckdb==2.0.1', 'numpy==2.4.6', 'pyarrow==26.0.1']
OPTIONAL = {'polars': 'polars', 'opendp': 'opendp[polars]', 'pipelinedp': 'pipeline-dp'}
NAMES = {'polars': 'Polars, plain', 'opendp': 'OpenDP on Polars', 'pipelinedp': 'PipelineDP, local'}
CLAMP = 'least(greatest(amount, 0), 500)'


def plain(key, source):
    return f'SELECT {key}, count(*) c, sum({CLAMP}) s, avg({CLAMP}) m FROM {source} GROUP BY {key}'


def bounded(key, source):
    """2 rows a person and group, 3 groups a person, each a random sample: two windows."""
    return f'''
WITH b AS (SELECT user_id, {key}, {CLAMP} a, row_number() OVER (PARTITION BY user_id, {key} ORDER BY tag) rn
           FROM (SELECT *, random() tag FROM {source})),
     p AS (SELECT user_id, {key}, count(*) c, sum(a) s FROM b WHERE rn <= 2 GROUP BY ALL),
     q AS (SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY tag) rp FROM (SELECT *, random() tag FROM p))
SELECT {key}, sum(c) c, sum(s) s, sum(s) / sum(c) m, count(*) users FROM q WHERE rp <= 3 GROUP BY {key}'''


def bounded_sums(key, source):
    """The form that costs DuckDB least: sums of a person and group are clamped, three groups by a minimum of tags."""
    return f'''
WITH p AS (SELECT user_id, {key}, least(count(*), 2) c, least(greatest(sum({CLAMP}), 0), 1000) s FROM {source} GROUP BY ALL),
     q AS (SELECT user_id, min_by({{'k': {key}, 'c': c, 's': s}}, random(), 3) l FROM p GROUP BY user_id),
     r AS (SELECT unnest(l) x FROM q)
SELECT x.k, sum(x.c) c, sum(x.s) s, sum(x.s) / sum(x.c) m, count(*) users FROM r GROUP BY 1'''


QUERIES = {'plain GROUP BY': plain, 'bounded, two windows': bounded, 'bounded, clamped sums': bounded_sums}


def report(begin, groups):
    """`begin`: CPU and wall time at the start."""
    print(json.dumps({'cpu': time.process_time() - begin[0], 'wall': time.perf_counter() - begin[1], 'groups': groups}))


def answer_as_duckdb(table, query, key, threads):
    """Runs in the virtual environment: CPU time and wall time of one query."""
    import duckdb
    connection = duckdb.connect()
    connection.execute(f'SET threads={threads}')
    begin = time.process_time(), time.perf_counter()
    report(begin, len(connection.execute(QUERIES[query](key, f"read_parquet('{table}')")).fetchall()))


def answer_as_polars(table, key, threads):
    os.environ['POLARS_MAX_THREADS'] = str(threads)
    import polars
    begin = time.process_time(), time.perf_counter()
    amount = polars.col('amount').clip(0, 500)
    groups = polars.scan_parquet(table).group_by(key).agg(polars.len(), amount.sum(), amount.mean().alias('m')).collect()
    report(begin, len(groups))


def answer_as_opendp(table, key, threads):
    """Its own way to bound by an identifier: truncation of rows a group, then of groups, the first ones kept."""
    os.environ['POLARS_MAX_THREADS'] = str(threads)
    import polars, warnings
    import opendp.prelude as dp
    warnings.filterwarnings('ignore')
    dp.enable_features('contrib', 'honest-but-curious')
    rows = polars.scan_parquet(table).select(polars.len()).collect().item()
    begin = time.process_time(), time.perf_counter()
    margins = [dp.polars.Margin(max_length=rows),
               dp.polars.Margin(by=[key], max_groups={'region': 1000, 'code': 20000}[key], max_length=rows)]
    context = dp.Context.compositor(
        data=polars.scan_parquet(table).select(['user_id', 'amount', key]), margins=margins, split_evenly_over=1,
        privacy_unit=dp.unit_of(contributions=1, identifier=polars.col('user_id')),
        privacy_loss=dp.loss_of(epsilon=1.0, delta=1e-6))
    amount = polars.col('amount').fill_null(0.0).fill_nan(0.0)
    bounded = context.query().truncate_per_group(2, by=[key]).truncate_num_groups(3, by=[key], keep='first')
    asked = [dp.len(), amount.dp.sum((0.0, 500.0)).alias('s'), amount.dp.mean((0.0, 500.0)).alias('m')]
    report(begin, bounded.group_by(key).agg(*asked).release().collect().height)


def pipelinedp_answers(table, key, epsilon=1.0):
    """Pairs of a group and its count, sum and mean."""
    import pipeline_dp, pyarrow.parquet
    columns = pyarrow.parquet.read_table(table, columns=['user_id', key, 'amount'])
    rows = list(zip(*(columns[name].to_pylist() for name in ('user_id', key, 'amount'))))
    budget = pipeline_dp.NaiveBudgetAccountant(total_epsilon=epsilon, total_delta=1e-6)
    asked = pipeline_dp.AggregateParams(
        metrics=[pipeline_dp.Metrics.COUNT, pipeline_dp.Metrics.SUM, pipeline_dp.Metrics.MEAN],
        noise_kind=pipeline_dp.NoiseKind.LAPLACE, max_partitions_contributed=3, max_contributions_per_partition=2,
        min_value=0, max_value=500)
    parts = pipeline_dp.DataExtractors(privacy_id_extractor=lambda row: row[0], partition_extractor=lambda row: row[1],
                                       value_extractor=lambda row: row[2])
    answers = pipeline_dp.DPEngine(budget, pipeline_dp.LocalBackend()).aggregate(rows, asked, parts)
    budget.compute_budgets()
    return [(group, (made.count, made.sum, made.mean)) for group, made in answers]


def answer_as_pipelinedp(table, key, _):
    begin = time.process_time(), time.perf_counter()
    report(begin, len(pipelinedp_answers(table, key)))


def make_table(path, rows):
    import numpy, pyarrow, pyarrow.parquet
    rng = numpy.random.default_rng(20240611)

    def zipf(kinds, power, count, offset=0.0):
        odds = numpy.cumsum(1.0 / (numpy.arange(1, kinds + 1) + offset) ** power)
        return numpy.searchsorted(odds / odds[-1], rng.random(count)).astype(numpy.int64)

    people = max(1000, rows // 20)
    person = zipf(people, 0.8, rows, 10.0)
    home = zipf(1000, 1.0, people)
    region = numpy.where(rng.random(rows) < 0.5, home[person], zipf(1000, 1.0, rows))
    code = zipf(20000, 1.05, rows)
    regions = pyarrow.array([f'region_{i:04d}' for i in range(1000)])
    codes = pyarrow.array([f'{chr(65 + i % 26)}{(i * 7919) % 100000:05d}' for i in range(20000)])
    table = pyarrow.table({'user_id': rng.permutation(people)[person] + 1_000_000,
                           'region': regions.take(pyarrow.array(region)), 'code': codes.take(pyarrow.array(code)),
                           'amount': numpy.round(rng.lognormal(3.5, 1.2, rows), 2)})
    pyarrow.parquet.write_table(table, path, row_group_size=1_000_000, compression='snappy')


def measured(command):
    """What a command prints, its CPU and wall time, and its peak of memory in MB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f'{command[0]} failed')
    return {'out': out, 'cpu': usage.ru_utime + usage.ru_stime, 'wall': time.perf_counter() - begin,
            'megabytes': usage.ru_maxrss / 1024}


def ours(program, table, key, threads, more=()):
    run = measured([program, 'query', table, '--unit', 'user_id', '--by', key, '--select',
                    'count, sum(amount), mean(amount)', '--clamp', 'amount=0:500', '--max-groups', '3', '--max-rows', '2',
                    '--epsilon', '1', '--delta', '1e-6', '--threads', str(threads), '--format', 'csv', *more])
    return dict(run, groups=sum(1 for _ in csv.reader(io.StringIO(run['out']))) - 1)


def without_start(run, program):
    start = measured([program, '--version'])
    return dict(run, cpu=run['cpu'] - start['cpu'], wall=run['wall'] - start['wall'])


def theirs(python, *words):
    run = measured([python, __file__, '--peer', *words])
    return dict(json.loads(run['out']), megabytes=run['megabytes'])


def lines(key, runs):
    plain = [run['cpu'] for run in runs['DuckDB, plain GROUP BY']]
    head = ['by ' + key, 'CPU: least', 'median', 'of the plain: least', 'median', 'wall: least', 'peak memory', 'groups']
    rows = [head, ['---'] * len(head)]
    for name, all_of_it in runs.items():
        cpu = [run['cpu'] for run in all_of_it]
        rows.append([name, '%.2f s' % min(cpu), '%.2f s' % statistics.median(cpu), '%.2f' % (min(cpu) / min(plain)),
                     '%.2f' % (statistics.median(cpu) / statistics.median(plain)),
                     '%.2f s' % min(run['wall'] for run in all_of_it),
                     '%.0f MB' % max(run['megabytes'] for run in all_of_it), str(all_of_it[0]['groups'])])
    return '\n'.join('| ' + ' | '.join(row) + ' |' for row in rows) + '\n'


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('table', nargs='?', type=pathlib.Path)
    options.add_argument('--rows', type=int, default=10_000_000, help='of the table that is made')
    options.add_argument('--program', default='build/check/sfumato')
    options.add_argument('--venv', type=pathlib.Path, default=pathlib.Path('build/tables_python'))
    options.add_argument('--threads', type=int, default=2)
    options.add_argument('--turns', type=int, default=5)
    options.add_argument('--memory', help='passed on to ours')
    options.add_argument('--queries', nargs='+', default=list(QUERIES), choices=list(QUERIES), help='what DuckDB is asked')
    options.add_argument('--optional', nargs='*', default=[], choices=sorted(OPTIONAL))
    options.add_argument('--optional-turns', type=int, default=1, help='of optional peers, which take long')
    options.add_argument('--markdown', type=pathlib.Path, help='a page whose tables are replaced')
    options.add_argument('--peer', nargs='+', help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.peer:
        what = given.peer[0]
        return {'table': lambda path, rows: make_table(path, int(rows)), 'duckdb': answer_as_duckdb,
                'polars': answer_as_polars, 'opendp': answer_as_opendp,
                'pipelinedp': answer_as_pipelinedp}[what](*given.peer[1:])
    python = environment(given.venv, PACKAGES, [OPTIONAL[name] for name in given.optional])
    if given.table is None:
        given.table = given.venv / f'visits_{given.rows}.parquet'
        if not given.table.exists():
            subprocess.run([python, __file__, '--peer', 'table', str(given.table), str(given.rows)], check=True)
    tables = []
    for key in ('region', 'code'):
        runs = {}
        for turn in range(given.turns):
            more = ['--memory', given.memory] if given.memory else []
            run = ours(given.program, str(given.table), key, given.threads, more)
            runs.setdefault('sfumato', []).append(run)
            runs.setdefault('sfumato, without its start', []).append(without_start(run, given.program))
            for query in given.queries:
                run = theirs(python, 'duckdb', str(given.table), query, key, str(given.threads))
                runs.setdefault('DuckDB, ' + query, []).append(run)
            for peer in given.optional if turn < given.optional_turns else ():
                runs.setdefault(NAMES[peer], []).append(theirs(python, peer, str(given.table), key, str(given.threads)))
        tables.append(lines(key, runs))
        print(tables[-1], flush=True)
    if given.markdown:
        replace_tables(given.markdown, tables)


if __name__ == '__main__':
    main()
