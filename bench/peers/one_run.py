"""What the programs share that ask others beside us in one run."""
import argparse, json, pathlib, subprocess, sys, venv


def environment(folder, packages, optional=()):
    """The Python of an environment that has the packages, and those optional ones that can be had."""
    python = folder / 'bin' / 'python'
    if not python.exists():
        venv.create(folder, with_pip=True)
    pip = [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    if packages:
        subprocess.run([*pip, *packages], check=True)
    for package in optional:
        if subprocess.run([*pip, package]).returncode != 0:
            print(f'{package} cannot be had here and is left out', file=sys.stderr)
    return str(python)


def answer_of(*words):
    """What a process of its own prints as JSON."""
    return json.loads(subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout)


def rates_of_turns(task, asked, turns):
    """The rates that the commands by name tell in so many turns; ends where their samples differ."""
    rates, samples = {name: [] for name in asked}, {}
    for _ in range(turns):
        for name, command in asked.items():
            answer = answer_of(*command)
            rates[name].append(answer['rate'])
            samples[name] = answer['sample']
    if len(set(samples.values())) != 1:
        sys.exit(f'{task}: the answers differ: {samples}')
    return rates


def options_of_turns(text):
    """Of a program that asks ours by a helper of its own, and others that are fetched into a folder, which is there then."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--ask', required=True, type=pathlib.Path)
    parser.add_argument('--folder', required=True, type=pathlib.Path)
    parser.add_argument('--turns', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=1)
    parser.add_argument('--markdown', type=pathlib.Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    return given


def replace_tables(page, tables, name='tables'):
    """Puts tables in the place of those that a page has between its marks of that name; the rest stays."""
    begin, end = f'<!-- {name} -->\n', f'<!-- end of {name} -->\n'
    text = page.read_text(encoding='utf-8')
    before, rest = text.split(begin)
    after = rest[rest.index(end):]
    page.write_text(before + begin + '\n' + '\n'.join(tables) + '\n' + after, encoding='utf-8')
