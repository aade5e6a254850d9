#!/usr/bin/env python3
"""Checks how the source tree is laid out: `tree.py CHECK ROOT`, one word a check, listed at the end.

Each check yields sentences that say what is wrong; none means that it passes.
"""
import pathlib, re, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'tools'))
import shape

HEADER_LINES, FUNCTION_LINES = 300, 80
PROVED = ('noise', 'mechanism')
LAYERS_OF_CORE = ('base', 'privacy', 'random', 'noise', 'mechanism', 'account', 'aggregate')


def headers(root, *modules):
    """Public headers as paths from the root: of these modules, or all."""
    found = sorted((root / 'include/sfumato').glob('*/*.h'))
    return [path.relative_to(root) for path in found if not modules or path.parent.name in modules]


def tests(root):
    """Each header has a test of its name."""
    for header in headers(root):
        test = pathlib.Path('tests', header.parent.name, header.stem + '_test.cpp')
        if not (root / test).exists():
            yield '%s has no %s' % (header, test)


def proofs(root):
    """Each header that promises a law names its proof, and each proof that a header names is there."""
    for header in headers(root):
        text = (root / header).read_text(encoding='utf-8')
        named = re.findall(r'///\s*(?:\*\*)?Proof(?:\*\*)?\s+(\S+)', text)
        for proof in named:
            if not (root / proof).is_file():
                yield '%s names %s, which is not there' % (header, proof)
        if not named and header.parent.name in PROVED and re.search(r'\*\*Law\*\*|Origin', text):
            yield '%s states a law and names no proof' % header


def umbrella(root):
    """sfumato/sfumato.h includes each header of layers 0-5, and nothing else."""
    wanted = {str(header.relative_to('include')) for header in headers(root, *LAYERS_OF_CORE)}
    text = (root / 'include/sfumato/sfumato.h').read_text(encoding='utf-8')
    included = set(re.findall(r'#include "([^"]+)"', text))
    for missing in sorted(wanted - included):
        yield 'sfumato/sfumato.h does not include %s' % missing
    for foreign in sorted(included - wanted):
        yield 'sfumato/sfumato.h includes %s, which is no header of layers 0-5' % foreign


def lengths(root):
    """Headers stay below 300 lines, functions below 80."""
    for folder in ('include', 'src'):
        for path in sorted((root / folder).rglob('*')):
            if path.suffix not in shape.EXT:
                continue
            text = path.read_text(encoding='utf-8')
            lines, longest = text.count('\n'), max(shape.function_lengths(shape.split_text(text)[0]), default=0)
            if path.suffix == '.h' and lines > HEADER_LINES:
                yield '%s has %d lines, more than %d' % (path.relative_to(root), lines, HEADER_LINES)
            if longest > FUNCTION_LINES:
                yield '%s has a function of %d lines, more than %d' % (path.relative_to(root), longest, FUNCTION_LINES)


def readme(root):
    """The C++ that the README shows is examples/noisy_count.cpp, which is built and run."""
    shown = re.findall(r'```cpp\n(.*?)```', (root / 'README.md').read_text(encoding='utf-8'), re.S)
    kept = (root / 'examples/noisy_count.cpp').read_text(encoding='utf-8')
    if shown != [kept[kept.find('#include'):]]:
        yield 'the C++ of README.md is not that of examples/noisy_count.cpp'


def links(root):
    """Each relative link of the documents leads somewhere."""
    for page in [root / 'README.md', *sorted((root / 'docs').rglob('*.md')), *sorted((root / 'examples').rglob('*.md'))]:
        for target in re.findall(r'\]\(([^)#\s]+)', page.read_text(encoding='utf-8')):
            if '://' not in target and not (page.parent / target).exists():
                yield '%s links to %s, which is not there' % (page.relative_to(root), target)


CHECKS = {check.__name__: check for check in (tests, proofs, umbrella, lengths, readme, links)}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in CHECKS:
        sys.exit('tree.py %s ROOT' % '|'.join(CHECKS))
    wrong = list(CHECKS[sys.argv[1]](pathlib.Path(sys.argv[2])))
    print('\n'.join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
