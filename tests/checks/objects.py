#!/usr/bin/env python3
"""Checks what the compiled library does, from its symbols and instructions.

    objects.py locks LIBRARY...                   no object takes a lock
    objects.py quiet LIBRARY...                   no object prints, and none aborts but those of random
    objects.py unfused OBJECT CONTROL             OBJECT holds no fused multiply-add, and CONTROL does
    objects.py entropy PROGRAM ARGUMENT...        run so, PROGRAM draws from the system's libcrypto
    objects.py flags COMPILE_COMMANDS             each source of the library is compiled without contraction

`nm` and `objdump` are taken from NM and OBJDUMP in the environment, else from the path.
"""
import json, os, re, subprocess, sys

LOCKS = re.compile(r'pthread_(mutex|rwlock|spin|cond|barrier)_|^mtx_|^cnd_|^sem_(wait|timedwait)|^_ZNSt(5mutex|15recursive_mutex|18condition_variable)')
PRINTS = re.compile(r'^(__)?v?(f|d)?printf(_chk)?$|^f?puts$|^f?putc$|^putchar$|^perror$|^psignal$|^_ZSt4c(out|err|log)$|^_ZSt5w?c(out|err|log)$')
ABORTS = re.compile(r'^(abort|exit|_exit|_Exit|quick_exit|__assert_fail|__assert_perror_fail)$')
FUSED = re.compile(r'\bvfn?m(add|sub)\w*')


def imports(library):
    """(object, symbol) for each symbol that an object of the library leaves to others."""
    listing = subprocess.run([os.environ.get('NM', 'nm'), '--undefined-only', library], check=True, capture_output=True, text=True)
    name = os.path.basename(library)
    for line in listing.stdout.splitlines():
        if line.endswith(':'):
            name = line[:-1]
        elif words := line.split():
            yield name, words[-1].split('@')[0]


def locks(libraries):
    return ['%s: %s takes a lock by %s' % (library, name, symbol)
            for library in libraries for name, symbol in imports(library) if LOCKS.search(symbol)]


def quiet(libraries):
    wrong = []
    for library in libraries:
        may_abort = 'random' in os.path.basename(library)
        for name, symbol in imports(library):
            if PRINTS.search(symbol):
                wrong.append('%s: %s prints by %s' % (library, name, symbol))
            if ABORTS.search(symbol) and not may_abort:
                wrong.append('%s: %s aborts by %s' % (library, name, symbol))
    return wrong


def fused(path):
    """The fused instructions of an object."""
    listing = subprocess.run([os.environ.get('OBJDUMP', 'objdump'), '-d', path], check=True, capture_output=True, text=True)
    return FUSED.findall(listing.stdout)


def unfused(paths):
    subject, control = paths
    wrong = ['%s holds a fused multiply-add' % subject] if fused(subject) else []
    return wrong + ([] if fused(control) else ['%s holds none, though it allows them: the check sees nothing' % control])


def bindings(log, symbol):
    """The libraries that answer for a symbol, from what the dynamic linker says under LD_DEBUG=bindings."""
    return set(re.findall(r'binding file \S+ \[\d+\] to (\S+) \[\d+\]: normal symbol `%s\'' % symbol, log))


def entropy(command):
    environment = dict(os.environ, LD_DEBUG='bindings')
    ran = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    answer = bindings(ran.stderr, 'RAND_priv_bytes')
    foreign = sorted(path for path in answer if not os.path.basename(path).startswith('libcrypto.so'))
    return ['entropy comes from %s' % path for path in foreign] + ([] if answer else ['no entropy was drawn'])


def flags(paths):
    wrong = []
    with open(paths[0], encoding='utf-8') as file:
        commands = json.load(file)
    for command in commands:
        said = re.findall(r'-ffp-contract=\w+|-ffast-math|-funsafe-math-optimizations|-Ofast', command['command'])
        if '/src/' in command['file'] and said != ['-ffp-contract=off']:
            wrong.append('%s is compiled with %s' % (command['file'], ' '.join(said) or 'the compiler\'s own contraction'))
    return wrong


CHECKS = {check.__name__: check for check in (locks, quiet, unfused, entropy, flags)}


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in CHECKS:
        sys.exit(__doc__)
    wrong = CHECKS[sys.argv[1]](sys.argv[2:])
    print('\n'.join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
