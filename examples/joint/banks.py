#!/usr/bin/env python3
"""Five banks find their default rates, and train one credit-risk model; none of them shows a customer.

    banks.py SFUMATO

Each bank has customers of its own kind. They add up defaults by business and region in a joint table; train a
logistic regression by federated averaging at ε = 2, δ = 1e-6 for each customer; and evaluate its thresholds together on
customers that it has not seen. Beside it stands the same regression without privacy, trained on all customers in one
place, which here alone is possible.
"""
import csv, decimal, json, math, pathlib, random, sys

import together

BANKS = {'Ash bank': 7000, 'Beech bank': 5000, 'Elm bank': 3500, 'Fir bank': 2500, 'Yew bank': 2000}
FEATURES = {'income': (10, 130), 'debt_ratio': (0, 1), 'utilisation': (0, 1), 'late_payments': (0, 8),
            'account_years': (0, 25), 'enquiries': (0, 10)}
POLICY = '''ledger = "ledger"
most_epsilon = 0.5
most_rho = 0.1
columns = ["income", "debt_ratio", "utilisation", "late_payments", "account_years", "enquiries", "business", "defaulted", "risk"]
units = ["customer"]
fewest_contributors = 5
[datasets.customers]
tables = ["customers.csv"]
[datasets."held out"]
tables = ["scored.csv"]
'''

def logistic(z):
    return 1 / (1 + math.exp(-z))


def customer_of(draw, bank):
    """One customer: banks differ in whom they lend to. Defaults follow a logistic law with an interaction and a
    cause that no column tells."""
    wealth = draw.gauss([0.4, 0.1, -0.1, -0.3, 0.2][bank], 1)
    income = min(max(math.exp(3.7 + 0.45 * wealth + draw.gauss(0, 0.2)), 8), 400)
    debt = min(max(draw.betavariate(2.2, 4) + 0.04 * (bank - 2) - 0.05 * wealth, 0), 1)
    used = min(max(draw.betavariate(1.6, 2.4) - 0.06 * wealth, 0), 1)
    late = min(int(draw.expovariate(1 / (0.5 + 1.6 * used * used))), 12)
    years = min(draw.expovariate(1 / [9, 7, 6, 4, 8][bank]), 40)
    asked = min(int(draw.expovariate(1 / 1.4)), 15)
    odds = (-4.0 - 0.014 * (min(income, 130) - 40) + 2.4 * debt + 1.9 * used + 0.5 * late - 0.05 * years
            + 0.13 * asked + 1.2 * debt * used + draw.gauss(0, 0.5))
    return {'income': round(income, 1), 'debt_ratio': round(debt, 3), 'utilisation': round(used, 3),
            'late_payments': late, 'account_years': round(years, 1), 'enquiries': asked,
            'business': draw.choice(['retail', 'retail', 'trade']), 'defaulted': int(draw.random() < logistic(odds))}


def write_customers(path, customers, first):
    with open(path, 'w') as table:
        table.write('customer,' + ','.join(customers[0]) + '\n')
        for i, customer in enumerate(customers):
            table.write('%d,%s\n' % (first + i, ','.join(str(value) for value in customer.values())))


def scaled(customer):
    x = [1.0]
    for name, (lower, upper) in FEATURES.items():
        value = min(max(customer[name], lower), upper)
        x.append((2 * value - lower - upper) / (upper - lower))
    return x


def solved(matrix, right):
    """Gaussian elimination with pivots."""
    n = len(right)
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    for i in range(n):
        best = max(range(i, n), key=lambda k: abs(rows[k][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for k in range(i + 1, n):
            part = rows[k][i] / rows[i][i]
            rows[k] = [a - part * b for a, b in zip(rows[k], rows[i])]
    out = [0.0] * n
    for i in reversed(range(n)):
        out[i] = (rows[i][n] - sum(rows[i][k] * out[k] for k in range(i + 1, n))) / rows[i][i]
    return out


def pooled_weights(points):
    """Maximum likelihood by Newton's steps, on rows that lie in one place."""
    size = len(points[0][0])
    weights = [0.0] * size
    for _ in range(6):
        slope = [0.0] * size
        bend = [[0.0] * size for _ in range(size)]
        for x, y in points:
            p = logistic(sum(w * v for w, v in zip(weights, x)))
            for i in range(size):
                slope[i] += (y - p) * x[i]
                part, row = p * (1 - p) * x[i], bend[i]
                for k in range(i + 1):
                    row[k] += part * x[k]
        for i in range(size):
            for k in range(i):
                bend[k][i] = bend[i][k]
        weights = [w + move for w, move in zip(weights, solved(bend, slope))]
    return weights


def measured(risks, events):
    """The greatest accuracy of any threshold, balanced accuracy at the rate of events, area under the curve, log loss:
    of risks that differ from one another, but for few."""
    order = sorted(zip(risks, events))
    all_events, n = sum(events), len(events)
    right = all_events  # where all are flagged
    best, below_events, ranks = right, 0, 0.0
    for place, (_, event) in enumerate(order):
        right += -1 if event else 1
        best = max(best, right)
        ranks += place + 1 if event else 0
    area = (ranks - all_events * (all_events + 1) / 2) / (all_events * (n - all_events))
    rate = all_events / n
    caught = sum(r >= rate for r, event in zip(risks, events) if event) / all_events
    passed = sum(r < rate for r, event in zip(risks, events) if not event) / (n - all_events)
    loss = -sum(math.log(r if event else 1 - r) for r, event in zip(risks, events)) / n
    return best / n, (caught + passed) / 2, area, loss


def rounds_in(ledger):
    """Title and ρ of each round of the training that a ledger was charged for."""
    lines = [json.loads(line) for line in ledger.splitlines()]
    return [(line['words'], decimal.Decimal(line['loss'])) for line in lines
            if line['kind'] == 'charge' and ', training ' in line['words']]


def main():
    sfumato = together.Program(sys.argv[1])
    draw = random.Random(2024)
    mail = lambda home: ['--mail', 'mail']
    together.make_homes(sfumato, list(BANKS), POLICY,
                        {'customers': ['--rho', '0.2'], 'held out': ['--rho', '0.2']}, mail)
    training, held_out, first = [], [], 1
    for bank, (name, count) in enumerate(BANKS.items()):
        own = [customer_of(draw, bank) for _ in range(count + count // 2)]
        write_customers(pathlib.Path(name, 'customers.csv'), own[:count], first)
        write_customers(pathlib.Path(name, 'held_out.csv'), own[count:], first + count)
        training += own[:count]
        held_out += own[count:]
        first += len(own)

    print('Default rates of %d customers at %d banks, by business, which no bank saw of another:\n'
          % (len(training), len(BANKS)))
    done = together.run(sfumato, list(BANKS), together.HERE / 'default_rates.toml', mail)
    print(sfumato('joint', 'result', 'Ash bank', *done))

    # All run one command each, for all rounds.
    told = together.HERE / 'credit_risk.toml'
    parties = [sfumato.start('joint', 'train', home, str(told), '--mail', 'mail', '--wait', '120',
                             '-o', home + '/model.json') for home in [*BANKS, 'registry']]
    together.wait_for(parties)
    models = {pathlib.Path(home, 'model.json').read_text() for home in [*BANKS, 'registry']}
    if len(models) != 1:
        sys.exit('the banks have different models')
    model = json.loads(models.pop())
    print('The model that all have, byte for byte:\n')
    for word, weight in [('(intercept)', model['intercept'])] + [(f['column'], f['weight']) for f in model['features']]:
        print('  %-14s %8.3f' % (word, float(weight)))

    print('\nPrivacy of the training, for each customer: ε = %s against who sees the models of all rounds, ε = %s against\n'
          'who pools them with all that another bank knows, at δ = %s. By the ledger of Ash bank:\n'
          % (model['epsilon_outsiders'], model['epsilon_colluders'], model['delta']))
    rounds = rounds_in(sfumato('budget', 'export', 'Ash bank/ledger'))
    for title, rho in rounds:
        print('  ρ = %s  %s' % (rho, title))
    total = sum(rho for _, rho in rounds)
    if total != decimal.Decimal(model['rho']):
        sys.exit('the entries add up to %s, not to %s' % (total, model['rho']))
    composed = json.loads(sfumato('account', ', '.join('zcdp(rho=%s)' % rho for _, rho in rounds), '--delta', model['delta']))
    print('\nTogether ρ = %s, the stated total; the accountant composes them to ε = %.6f at δ = %s, of ε = 2.'
          % (total, composed['epsilon']['upper'], model['delta']))
    if composed['epsilon']['upper'] > 2:
        sys.exit('the rounds cost more than was stated')

    # On customers that no model has seen.
    for name in BANKS:
        sfumato('joint', 'score', name + '/model.json', name + '/held_out.csv', '--threshold', '0.1,0.2,0.4',
                '-o', name + '/scored.csv')
    events = [c['defaulted'] for c in held_out]
    risks = []
    for name in BANKS:
        with open(pathlib.Path(name, 'scored.csv')) as table:
            risks += [min(max(float(row['risk']), 1e-6), 1 - 1e-6) for row in csv.DictReader(table)]
    weights = pooled_weights([(scaled(c), c['defaulted']) for c in training])
    pooled = [logistic(sum(w * v for w, v in zip(weights, scaled(c)))) for c in held_out]
    print('\nOn %d customers that no model has seen, of whom %.1f %% defaulted:\n'
          % (len(events), 100 * sum(events) / len(events)))
    print('                                     accuracy  balanced accuracy     AUC  log loss')
    federated, alone = measured(risks, events), measured(pooled, events)
    for word, (accuracy, balanced, area, loss) in [('federated, ε = 2', federated), ('pooled, without privacy', alone)]:
        print('  %-32s  %7.2f %%  %15.2f %%  %6.4f  %8.4f' % (word, 100 * accuracy, 100 * balanced, area, loss))
    rate = sum(events) / len(events)
    print('  %-32s  %7.2f %%  %15.2f %%  %6.4f  %8.4f'
          % ('the same risk for all', 100 * (1 - rate), 50, 0.5, -rate * math.log(rate) - (1 - rate) * math.log(1 - rate)))
    apart = 100 * (federated[0] - alone[0])
    print('\nAccuracy at the threshold that is best for each: the federated model %+.2f points from the pooled one, AUC %+.4f.'
          % (apart, federated[2] - alone[2]))
    if abs(apart) > 2 or federated[2] < alone[2] - 0.02:
        sys.exit('the federated model is not within 2 points')

    print('\nJoint thresholds: held-out customers by risk, of those who paid (0) and those who defaulted (1):\n')
    done = together.run(sfumato, list(BANKS), together.HERE / 'thresholds.toml', mail)
    print(sfumato('joint', 'result', 'Ash bank', *done), end='')
    told = json.loads(sfumato('joint', 'result', 'Ash bank', *done, '--format', 'json'))
    bins = {group['group'][0]: [value['value'] for value in group['values']] for group in told['groups']}
    print('\n  threshold  flagged  of whom defaulted  of all defaults')
    for i, threshold in enumerate([0.1, 0.2, 0.4], 1):
        paid, lost = sum(bins['0'][i:]), sum(bins['1'][i:])
        print('  %9s  %7.0f  %15.1f %%  %13.1f %%'
              % (threshold, paid + lost, 100 * lost / (paid + lost), 100 * lost / sum(bins['1'])))


if __name__ == '__main__':
    together.in_a_folder(main)
