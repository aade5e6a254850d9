#!/usr/bin/env python3
"""Bytes of dense text searched a second of one processor: ours and Presidio's pattern recognisers take turns.

    bench/peers/free_text.py --ask build/bench/bench/ask_text --folder build/free_text [--markdown docs/measured/free_text.md]

The text is made: every other word is a number, an address or a card, or just not one. Both look for cards, IBAN, US
social security numbers, addresses for mail, IPv4 addresses and telephone numbers; of Presidio no language model takes part, which
would cost more. Where it cannot be had it is left out.
"""
import random, statistics, subprocess, sys

from one_run import answer_of, environment, options_of_turns, replace_tables

PRESIDIO = 'presidio-analyzer==2.2.366'
ASK_PRESIDIO = '''
import json, logging, sys, time
logging.disable(logging.CRITICAL)
import presidio_analyzer.predefined_recognizers as known
names = ['CreditCardRecognizer', 'IbanRecognizer', 'UsSsnRecognizer', 'EmailRecognizer', 'IpRecognizer', 'PhoneRecognizer']
all_of_them = [getattr(known, name)() for name in names]
lines = open(sys.argv[1]).read().splitlines()
searched, findings, begin = 0, 0, time.process_time()
for line in lines:
    for one in all_of_them:
        findings += len(one.analyze(line, one.supported_entities, None) or [])
    searched += len(line)
    if time.process_time() - begin > float(sys.argv[2]):
        break
print(json.dumps({'rate': searched / (time.process_time() - begin), 'findings': findings}))
'''


def digits(draw, count):
    return ''.join(draw.choices('0123456789', k=count))


def word(draw):
    return ''.join(draw.choices('abcdefghijklmnopqrstuvwxyz', k=draw.randint(2, 9)))


def card(draw):
    number = '4' + digits(draw, 14)
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(number)]
    number += str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)
    return draw.choice([number, ' '.join(number[i:i + 4] for i in range(0, 16, 4))])


def line(draw):
    kinds = [lambda: card(draw), lambda: f'{word(draw)}.{word(draw)}@{word(draw)}.com', lambda: '+49 30 ' + digits(draw, 7),
             lambda: f'192.0.2.{draw.randint(0, 299)}', lambda: f'{digits(draw, 3)}-{digits(draw, 2)}-{digits(draw, 4)}',
             lambda: 'DE89 3704 0044 0532 0130 00', lambda: f'2024-0{digits(draw, 1)}-1{digits(draw, 1)} 12:3{digits(draw, 1)}',
             lambda: digits(draw, 9), lambda: digits(draw, 16), lambda: f'{digits(draw, draw.randint(1, 6))}.{digits(draw, 2)}']
    return ' '.join(f'{word(draw)} {draw.choice(kinds)()},' for _ in range(6))


def main():
    given = options_of_turns(__doc__)
    draw, text = random.Random(1), given.folder / 'dense.txt'
    text.write_text('\n'.join(line(draw) for _ in range(5000)) + '\n', encoding='utf-8')
    python = environment(given.folder / 'python', [], [PRESIDIO])
    asked = {'sfumato': [given.ask]}
    if subprocess.run([python, '-c', 'import presidio_analyzer'], capture_output=True).returncode == 0:
        asked[PRESIDIO.replace('-analyzer==', ' ').capitalize()] = [python, '-c', ASK_PRESIDIO]
    rates = {name: [] for name in asked}
    for _ in range(given.turns):
        for name, command in asked.items():
            rates[name].append(answer_of(*command, text, given.seconds)['rate'])
    best = max(rates['sfumato'])
    lines = ['| six detectors on dense text | MB/s: most | median | of ours |', '| --- | --- | --- | --- |']
    for name, found in rates.items():
        lines.append(f'| {name} | {max(found) / 1e6:.3g} | {statistics.median(found) / 1e6:.3g} | 1/{best / max(found):.0f} |')
    print('\n'.join(lines))
    if given.markdown:
        replace_tables(given.markdown, lines)


if __name__ == '__main__':
    sys.exit(main())
