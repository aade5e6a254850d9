#!/usr/bin/env python3
"""Opens reports of hostile words in headless Chromium, as `./dev long` does: of a ledger, and of a table.

    report_in_browser.py --program build/check/sfumato --books build/check/tests/cli/make_books --pictures DIR

At each width, in light and in dark: nothing is wider than the window, nothing was loaded, no word of the
ledger became an element, and every text keeps a contrast of 4.5 to what it lies on. Pictures are left in DIR.
"""
import argparse, html, html.parser, json, os, pathlib, shutil, subprocess, sys, tempfile

SKIPPED = 77
WINDOWS = [(320, 640), (360, 740), (768, 1024), (1280, 900)]
SCHEMES = {'light': 1, 'dark': 0}
FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync', '--hide-scrollbars', '--allow-file-access-from-files']
TAGS = set('html head meta title style body header main footer section h1 h2 h3 p small code div span dl dt dd figure figcaption '
           'svg path rect ul li br table caption thead tbody tr th td'.split())

# Runs in a copy of the page whose policy lets it, in a frame: a window of a desktop is never as narrow as a phone.
FRAME = '''<!DOCTYPE html><html><style>:root{color-scheme:light dark}iframe{border:0;width:%dpx;height:%dpx}</style>
<body><iframe srcdoc="%s"></iframe></body></html>'''
LOOK = '''<script>
const luminance = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b };
const numbers = text => text.match(/[0-9.]+/g).map(Number);
const ground = e => { for (; e; e = e.parentElement) { const c = numbers(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c.slice(0, 3) } return [255, 255, 255] };
const ratio = e => { const a = luminance(numbers(getComputedStyle(e).color).slice(0, 3)), b = luminance(ground(e));
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) };
const texts = [...document.body.querySelectorAll('*')].filter(e => e.tagName != 'SCRIPT' &&
  [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()));
const fills = [...document.querySelectorAll('path[class^=s],rect')].map(e => { const a = luminance(numbers(
  getComputedStyle(e).fill).slice(0, 3)), b = luminance(ground(e.closest('svg').parentElement));
  return e.classList.contains('trough') ? 9 : (Math.max(a, b) + .05) / (Math.min(a, b) + .05) });
parent.document.documentElement.dataset.seen = JSON.stringify({
  width: document.documentElement.scrollWidth, window: innerWidth, title: document.title,
  loaded: performance.getEntriesByType('resource').length, images: document.images.length,
  contrast: Math.min(...texts.map(ratio)), fill: Math.min(...fills),
  dark: matchMedia('(prefers-color-scheme: dark)').matches});
</script>'''
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Elements(html.parser.HTMLParser):
    """Refuses what no page of ours holds."""

    def handle_starttag(self, tag, attributes):
        assert tag in TAGS, 'an element that no report has: ' + tag
        for name, value in attributes:
            assert not name.startswith('on') and name not in ('src', 'href', 'srcdoc', 'action'), (tag, name, value)


def chromium(browser, page, width, height, scheme, *flags):
    with tempfile.TemporaryDirectory() as profile:
        return subprocess.run([browser, *FLAGS, '--user-data-dir=' + profile, '--window-size=%d,%d' % (width, height),
                               '--blink-settings=preferredColorScheme=%d' % SCHEMES[scheme], *flags, page.as_uri()],
                              capture_output=True, text=True, timeout=120, check=True).stdout


class Seen(html.parser.HTMLParser):
    result = None

    def handle_starttag(self, tag, attributes):
        if tag == 'html':
            self.result = json.loads(dict(attributes)['data-seen'])


def look(browser, text, title, width, height, scheme):
    """Measures the page in a window of that size."""
    seen = Seen()
    with tempfile.TemporaryDirectory() as directory:
        page = pathlib.Path(directory) / 'frame.html'
        text = text.replace(POLICY, '').replace('</body>', LOOK + '</body>')
        page.write_text(FRAME % (width, height, html.escape(text)), encoding='utf-8')
        seen.feed(chromium(browser, page, width, height, scheme, '--dump-dom'))
    result = seen.result
    what = '%s at %d pixels: %s' % (scheme, width, result)
    assert result['window'] == width and result['dark'] == (scheme == 'dark'), what
    assert result['width'] <= width, 'wider than its window: ' + what
    assert result['title'] == title, what
    assert result['loaded'] == 0 and result['images'] == 0, what
    assert result['contrast'] >= 4.5, 'words too pale: ' + what
    assert result['fill'] >= 3, 'shapes too pale: ' + what
    print(what)


HOSTILE = '</title><script>document.title = 1</script>"><img src=x>'


def table_report(program, directory):
    """The page of a table whose columns, values and file are called so."""
    table, policy, page = (directory / name for name in ('people.csv', 'policy.toml', 'people.html'))
    column = HOSTILE.replace('"', '""')
    rows = ''.join('%d,%s,"%s"\n' % (30 + i % 7, 'fm'[i % 2], column) for i in range(200))
    table.write_text('age,sex,"%s"\n%s' % (column, rows), encoding='utf-8')
    levels = ''.join('%d;%s;*\n' % (age, 'young' if age < 33 else 'old') for age in range(30, 37))
    (directory / 'age.csv').write_text(levels, encoding='utf-8')
    policy.write_text("""version = 1
[release]
models = [{model = "k-anonymity", k = 20}, {model = "t-closeness", t = 1}]
[columns.age]
role = "quasi"
transform = "hierarchy"
file = "age.csv"
[columns.sex]
role = "quasi"
transform = "keep"
[columns.'%s']
role = "sensitive"
transform = "keep"
""" % HOSTILE, encoding='utf-8')
    subprocess.run([program, 'deid', policy, table, '-o', directory / 'out.csv', '--report', page], check=True,
                   stderr=subprocess.DEVNULL)
    return page, 'De-identification of %s' % table


def ledger_report(given, directory):
    books, page = (directory / name for name in ('books.ledger', 'report.html'))
    subprocess.run([given.books, books, '400'], check=True)
    subprocess.run([given.program, 'budget', 'report', books, '-o', page, '--releases'], check=True)
    return page, 'Privacy budgets of books.ledger'


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('--program', '--books', '--pictures'):
        options.add_argument(name, type=pathlib.Path, required=True)
    given = options.parse_args()
    browser = shutil.which('chromium') or shutil.which('chromium-browser')
    if browser is None or 'SFUMATO_LONG' not in os.environ:
        print('skipped: this takes Chromium, and ./dev long' if browser is None else 'skipped: ./dev long looks')
        sys.exit(SKIPPED)
    given.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        for page, title in (ledger_report(given, folder), table_report(given.program, folder)):
            text = page.read_text(encoding='utf-8')
            assert POLICY in text and '</body>' in text and 'url(' not in text and '@import' not in text
            Elements().feed(text)
            for scheme in SCHEMES:
                for width, height in WINDOWS:
                    look(browser, text, title, width, height, scheme)
                    picture = given.pictures / ('%s-%d-%s.png' % (page.stem, width, scheme))
                    chromium(browser, page, width, height, scheme, '--screenshot=%s' % picture)


if __name__ == '__main__':
    main()
