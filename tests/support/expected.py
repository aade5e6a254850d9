"""Compares what a program wrote with what was expected of it, line by line.

A line that is expected is compared verbatim, but for placeholders, which stand for what noise decides:

    <number>    a number, such as -12, 1,234.5, 6.02e23 or inf, or one that is marked as noisy, ~7
    <text>      anything, at least one character, to what follows in the line
    <lines>     alone on a line: any number of lines, none included

In a line with a placeholder each run of spaces stands for any run of spaces, since the width of a
column may hang on the noise.
"""
import re

# Each text is a number in one way at most: two ways, and a page that differs takes exponential time.
NUMBER = r'~?[-+]?(?:inf|(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?)'
PLACEHOLDERS = {'<number>': NUMBER, '<text>': r'[^\n]+?', '<lines>': r'(?:[^\n]*\n)*?'}
TOKEN = re.compile(r'(<number>|<text>| +)')


def pattern_of(line):
    """The regular expression of one expected line, its newline included."""
    if line == '<lines>':
        return PLACEHOLDERS[line]
    if not re.search(r'<number>|<text>', line):
        return re.escape(line) + '\n'
    parts = (PLACEHOLDERS.get(part, ' +' if part.isspace() else re.escape(part)) for part in TOKEN.split(line.rstrip()) if part)
    return ''.join(parts) + ' *\n'


def matches(expected, actual):
    """True where the lines `expected` describe the text `actual`."""
    if actual and not actual.endswith('\n'):
        actual += '\n'
    return re.fullmatch(''.join(map(pattern_of, expected)), actual) is not None


def report(what, expected, actual):
    """Both texts, for who reads why a comparison failed."""
    show = lambda lines: ''.join('  | %s\n' % line for line in lines) or '  (nothing)\n'
    return '%s differs. Expected:\n%sFound:\n%s' % (what, show(expected), show(actual.splitlines()))
