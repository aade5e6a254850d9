"""Bars on a log axis, as SVG."""
import math
from xml.sax.saxutils import escape

COLOURS = {'ours': '#1b7f5c', 'limit': '#444444', 'insecure': '#b9b9b9', 'private': '#d98a3d'}
MEANING = {'limit': 'the limit', 'ours': 'sfumato: exact', 'private': 'other private libraries', 'insecure': 'insecure'}
LEFT, WIDTH, LINE, TOP = 380, 470, 22, 64


def bars(rows):
    """`rows` of (label, nanoseconds a value, kind): a bar of values a second for each."""
    rates = [1e9 / cost for _, cost, _ in rows]
    low, high = math.floor(math.log10(min(rates))), math.ceil(math.log10(max(rates)))
    place = lambda rate: LEFT + WIDTH * (math.log10(rate) - low) / (high - low)
    height = TOP + LINE * len(rows) + 12
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 90} {height}" '
           'font-family="sans-serif" font-size="13">',
           f'<rect width="100%" height="100%" fill="white"/>',
           f'<text x="{LEFT}" y="18" font-size="15">Noise values a second, one core</text>']
    for i, (kind, text) in enumerate(MEANING.items()):
        x = 20 + 200 * i
        out.append(f'<rect x="{x}" y="28" width="12" height="12" fill="{COLOURS[kind]}"/>'
                   f'<text x="{x + 18}" y="39">{text}</text>')
    for power in range(low, high + 1):
        x = place(10.0**power)
        out.append(f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{height - 10}" stroke="#dddddd"/>'
                   f'<text x="{x:.1f}" y="{TOP - 9}" text-anchor="middle" font-size="11">{named(10.0**power)}</text>')
    for i, ((label, _, kind), rate) in enumerate(zip(rows, rates)):
        y = TOP + LINE * i
        out.append(f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(label.replace(": the limit", ""))}</text>'
                   f'<rect x="{LEFT}" y="{y + 2}" width="{place(rate) - LEFT:.1f}" height="{LINE - 6}" fill="{COLOURS[kind]}"/>'
                   f'<text x="{place(rate) + 5:.1f}" y="{y + 13}" font-size="11">{named(rate)}</text>')
    return '\n'.join(out + ['</svg>', ''])


def named(rate):
    for unit, size in (('G', 1e9), ('M', 1e6), ('k', 1e3)):
        if rate >= 0.9995 * size:
            return f'{rate / size:.3g} {unit}'
    return f'{rate:.3g}'
