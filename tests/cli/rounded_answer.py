#!/usr/bin/env python3
"""Reads the JSON answer of `sfumato query` or `plan` and prints it a fact a line, numbers rounded.

With next to no noise (a huge ε) what is printed is the exact answer, the same in each run.
"""
import json, sys

DECIMALS = 1


def rounded(value):
    return round(value, DECIMALS) + 0.0 if isinstance(value, float) else value  # + 0.0: no minus zero


def show(title, fields):
    print(title, ', '.join('%s: %s' % (key, json.dumps(value)) for key, value in fields.items()))


def main():
    answer = json.load(sys.stdin)
    show('privacy', answer['privacy'])
    for aggregate in answer['aggregates']:
        if '--laws' in sys.argv:
            show('law', {key: value for key, value in aggregate.items() if not isinstance(value, float)})
    for row in answer.get('rows', []):
        print(json.dumps(row['group'], ensure_ascii=False))
        for name, estimate in row['values'].items():
            show('  ' + name, {end: rounded(value) for end, value in estimate.items()})
    print('keys', *answer)


if __name__ == '__main__':
    main()
