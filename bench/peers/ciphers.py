#!/usr/bin/env python3
"""Values encrypted a second of one processor: ours, Bouncy Castle, the crates fpe and aes-siv, and OpenSSL take turns.

    bench/peers/ciphers.py --ask build/bench/bench/ask_ciphers --folder build/ciphers [--markdown docs/measured/ciphers.md]

FF1 takes 16 digits, by AES-256; AES-256-SIV, AES-256-CMAC and HMAC-SHA256 take 16 bytes. Each turn is a process of
its own, which counts the processor's seconds after its start (Java after as long again, for its compiler). All must give the
same answer to one question, or nothing is told. Peers whose tools (java and mvn, cargo) are not here are left out.
"""
import pathlib, shutil, statistics, subprocess

from one_run import options_of_turns, rates_of_turns, replace_tables

JAR = 'org.bouncycastle:bcprov-jdk18on:1.79'
SOURCES = pathlib.Path(__file__).resolve().parent / 'ciphers'
TASKS = {'ff1': 'FF1, 16 digits', 'siv': 'AES-SIV, 16 bytes', 'cmac': 'AES-CMAC, 16 bytes', 'hmac': 'HMAC-SHA256, 16 bytes'}


def java(folder):
    """The command that asks Bouncy Castle; none where it can't be had."""
    if not (shutil.which('javac') and shutil.which('mvn')):
        return None
    jar = folder / (JAR.split(':')[1] + '-' + JAR.split(':')[2] + '.jar')
    if not jar.exists():
        subprocess.run(['mvn', '-q', '-B', 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy', f'-Dartifact={JAR}',
                        f'-DoutputDirectory={folder}'], check=True)
    subprocess.run(['javac', '-cp', jar, '-d', folder, SOURCES / 'AskCiphers.java'], check=True)
    return ['java', '-cp', f'{jar}:{folder}', 'AskCiphers']


def rust(folder):
    """The command that asks the crates; none where they can't be had."""
    if not shutil.which('cargo'):
        return None
    subprocess.run(['cargo', 'build', '--quiet', '--release', '--manifest-path', SOURCES / 'Cargo.toml', '--target-dir', folder], check=True)
    return [folder / 'release' / 'ask_ciphers']


def main():
    given = options_of_turns(__doc__)
    bouncy, crates = java(given.folder), rust(given.folder)
    peers = {'ff1': {'Bouncy Castle 1.79': bouncy, 'crate fpe 0.6.1': crates},
             'siv': {'crate aes-siv 0.7.0': crates, 'OpenSSL, one at a time': [given.ask]},
             'cmac': {'Bouncy Castle 1.79': bouncy}, 'hmac': {'Bouncy Castle 1.79': bouncy}}
    lines = []
    for task, title in TASKS.items():
        asked = {'sfumato': [given.ask, task, given.seconds]}
        for name, command in peers[task].items():
            if command:
                asked[name] = [*command, task, given.seconds, *(['openssl'] if name.startswith('OpenSSL') else [])]
        rates = rates_of_turns(task, asked, given.turns)
        lines += ['', f'| {title} | M/s: most | median | of ours |', '| --- | --- | --- | --- |']
        best = max(rates['sfumato'])
        for name, found in rates.items():
            lines.append(f'| {name} | {max(found) / 1e6:.2f} | {statistics.median(found) / 1e6:.2f} | 1/{best / max(found):.1f} |')
    print('\n'.join(lines))
    if given.markdown:
        replace_tables(given.markdown, lines)


if __name__ == '__main__':
    main()
