#!/usr/bin/env python3
"""The contestants that are Python packages: reads and answers what turns.cpp does.

`turns.py --list` tells which are there.
"""
import sys, time

BATCH, SOME, FEW = 2**20, 2**12, 2**9


def numpy_contestants():
    import numpy
    generator = numpy.random.default_rng(1)
    yield 'numpy_laplace', BATCH, lambda: generator.laplace(3.0, 1.0, BATCH)
    yield 'numpy_normal', BATCH, lambda: generator.normal(3.0, 1.0, BATCH)


def opendp_contestants():
    import opendp.prelude as dp
    dp.enable_features('contrib')
    vector = dp.vector_domain(dp.atom_domain(T=float, nan=False))
    scalar = dp.atom_domain(T=float, nan=False), dp.absolute_distance(T=float)
    whole = dp.vector_domain(dp.atom_domain(T=int))
    reals, integers = [3.0] * SOME, [3] * SOME

    def one_by_one(measurement):
        return lambda: [measurement(3.0) for _ in range(FEW)]

    laplace = dp.m.make_laplace(vector, dp.l1_distance(T=float), scale=1.0)
    gaussian = dp.m.make_gaussian(vector, dp.l2_distance(T=float), scale=1.0)
    discrete_laplace = dp.m.make_laplace(whole, dp.l1_distance(T=int), scale=10.0)
    discrete_gaussian = dp.m.make_gaussian(whole, dp.l2_distance(T=float), scale=10.0)
    yield 'opendp_laplace', SOME, lambda: laplace(reals)
    yield 'opendp_gaussian', SOME, lambda: gaussian(reals)
    yield 'opendp_discrete_laplace', SOME, lambda: discrete_laplace(integers)
    yield 'opendp_discrete_gaussian', SOME, lambda: discrete_gaussian(integers)
    yield 'opendp_laplace_single', FEW, one_by_one(dp.m.make_laplace(*scalar, scale=1.0))
    yield 'opendp_gaussian_single', FEW, one_by_one(dp.m.make_gaussian(*scalar, scale=1.0))


def pydp_contestants():
    from pydp.algorithms.numerical_mechanisms import GaussianMechanism, LaplaceMechanism
    laplace = LaplaceMechanism(epsilon=1.0, sensitivity=1.0)
    gaussian = GaussianMechanism(1.0, 1e-5, 1.0)
    yield 'pydp_laplace_single', SOME, lambda: [laplace.add_noise(3.0) for _ in range(SOME)]
    yield 'pydp_gaussian_single', SOME, lambda: [gaussian.add_noise(3.0) for _ in range(SOME)]


def contestants():
    found = {}
    for package in numpy_contestants, opendp_contestants, pydp_contestants:
        try:
            found |= {name: (values, work) for name, values, work in package()}
        except Exception as why:  # a peer that does not run is left out, and named
            print(f'{package.__name__}: {type(why).__name__}: {why}', file=sys.stderr)
    return found


def main():
    all_of_them = contestants()
    if sys.argv[1:] == ['--list']:
        print('\n'.join(all_of_them))
        return
    for line in sys.stdin:
        values, work = all_of_them[line.strip()]
        begin = time.thread_time_ns()
        work()
        print(time.thread_time_ns() - begin, values, flush=True)


if __name__ == '__main__':
    main()
