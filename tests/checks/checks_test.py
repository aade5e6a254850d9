#!/usr/bin/env python3
"""The checks fail where they should: each is run on a small tree, or text, that breaks it."""
import contextlib, io, pathlib, sys, tempfile, unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'support'), str(HERE.parent / 'cli')]
sys.dont_write_bytecode = True
import expected, objects, run_transcripts, tree
import shape

HEADER = '/// A law.\n///\n/// Proof   docs/proofs/noise/a.md\nclass A {};\n'


class Tree(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.root = pathlib.Path(self.directory.name)
        self.write('include/sfumato/noise/a.h', HEADER)
        self.write('include/sfumato/sfumato.h', '#include "sfumato/noise/a.h"\n')
        self.write('tests/noise/a_test.cpp', '')
        self.write('docs/proofs/noise/a.md', '')
        self.write('src/noise/a.cpp', 'int f() {\n  return 1;\n}\n')
        self.write('examples/noisy_count.cpp', '// Counts.\n#include <x>\n')
        self.write('README.md', 'See [a](docs/proofs/noise/a.md).\n```cpp\n#include <x>\n```\n')

    def write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')

    def wrong(self, check):
        return list(tree.CHECKS[check](self.root))

    def test_a_tree_as_it_should_be_passes(self):
        for check in tree.CHECKS:
            self.assertEqual(self.wrong(check), [], check)

    def test_a_header_without_a_test_is_named(self):
        (self.root / 'tests/noise/a_test.cpp').unlink()
        self.assertIn('a_test.cpp', self.wrong('tests')[0])

    def test_a_proof_that_is_not_there_is_named(self):
        (self.root / 'docs/proofs/noise/a.md').unlink()
        self.assertIn('docs/proofs/noise/a.md', self.wrong('proofs')[0])

    def test_a_law_needs_a_proof(self):
        self.write('include/sfumato/noise/a.h', '/// **Law** uniform\nclass A {};\n')
        self.assertIn('names no proof', self.wrong('proofs')[0])

    def test_the_umbrella_lacks_nothing_and_holds_nothing_else(self):
        self.write('include/sfumato/sfumato.h', '#include "sfumato/io/b.h"\n')
        self.assertEqual(len(self.wrong('umbrella')), 2)

    def test_a_long_header_is_named(self):
        self.write('include/sfumato/noise/a.h', HEADER + '\n' * 300)
        self.assertIn('304 lines', self.wrong('lengths')[0])

    def test_a_long_function_is_named(self):
        self.write('src/noise/a.cpp', 'int f() {\n' + '  g();\n' * 79 + '}\n')
        self.assertIn('81 lines', self.wrong('lengths')[0])

    def test_a_readme_that_shows_other_code_is_named(self):
        self.write('examples/noisy_count.cpp', '#include <y>\n')
        self.assertEqual(len(self.wrong('readme')), 1)

    def test_a_dead_link_is_named(self):
        self.write('docs/guide/b.md', '[c](c.md) [web](https://example.org/) [part](#part)')
        self.assertEqual(self.wrong('links'), ['docs/guide/b.md links to c.md, which is not there'])

    def test_an_include_against_the_arrows_fails(self):
        self.write('include/sfumato/table/t.h', '')
        self.write('src/noise/a.cpp', '#include "sfumato/table/t.h"\n')
        _, own, _, _ = shape.measure(str(self.root), [], shape.SKIP)
        self.assertEqual(len(shape.check_layers(own, {'noise': set(), 'table': {'noise'}})[0]), 1)
        self.assertEqual(shape.check_layers(own, {'noise': {'table'}}), ([], ['table']))


class Objects(unittest.TestCase):
    def test_symbols_that_lock_print_or_abort_are_known(self):
        for symbol in ('pthread_mutex_lock', 'mtx_lock', '_ZNSt5mutex4lockEv', 'pthread_rwlock_rdlock'):
            self.assertTrue(objects.LOCKS.search(symbol), symbol)
        for symbol in ('printf', '__printf_chk', 'fprintf', 'puts', 'putchar', '_ZSt4cout', '_ZSt4cerr', '__fprintf_chk'):
            self.assertTrue(objects.PRINTS.search(symbol), symbol)
        for symbol in ('abort', 'exit', '__assert_fail'):
            self.assertTrue(objects.ABORTS.search(symbol), symbol)

    def test_symbols_that_do_none_of_it_pass(self):
        for symbol in ('snprintf', '__vsnprintf_chk', 'memcpy', 'pthread_atfork', '_ZSt9terminatev', 'atexit'):
            for pattern in (objects.LOCKS, objects.PRINTS, objects.ABORTS):
                self.assertFalse(pattern.search(symbol), symbol)

    def test_fused_instructions_are_known(self):
        self.assertTrue(objects.FUSED.search('vfmadd213sd %xmm2,%xmm1,%xmm0'))
        self.assertTrue(objects.FUSED.search('vfnmsub231pd %ymm2,%ymm1,%ymm0'))
        self.assertFalse(objects.FUSED.search('vmulpd %ymm2,%ymm1,%ymm0'))


    def test_the_library_that_answers_for_a_symbol_is_known(self):
        log = "  7: binding file a [0] to /x/libparquet.so.26 [0]: normal symbol `RAND_priv_bytes' [V]\n" \
              "  7: binding file a [0] to /x/libz.so.1 [0]: normal symbol `RAND_priv_bytes_ex'\n"
        self.assertEqual(objects.bindings(log, 'RAND_priv_bytes'), {'/x/libparquet.so.26'})
        self.assertEqual(objects.bindings('', 'RAND_priv_bytes'), set())


class Expected(unittest.TestCase):
    def test_text_is_compared_verbatim(self):
        self.assertTrue(expected.matches(['a  b', '', '1.5'], 'a  b\n\n1.5\n'))
        for wrong in ('a b\n\n1.5\n', 'a  b\n1.5\n', 'a  b\n\n1x5\n', 'a  b\n\n1.5\nc\n'):
            self.assertFalse(expected.matches(['a  b', '', '1.5'], wrong), wrong)

    def test_placeholders_stand_for_what_noise_decides(self):
        for number in ('0', '-12', '1,234.5', '6.02e+23', '.5', 'inf', '-inf'):
            self.assertTrue(expected.matches(['n = <number>, done'], 'n = %s, done\n' % number), number)
        for wrong in ('', 'x', '1 2', 'nan', '-'):
            self.assertFalse(expected.matches(['n = <number>, done'], 'n = %s, done\n' % wrong), wrong)
        self.assertTrue(expected.matches(['a   <number>  b'], 'a -3    b\n'))
        self.assertTrue(expected.matches(['<text>: end'], 'any thing: end\n'))
        self.assertFalse(expected.matches(['<text>: end'], ': end\n'))
        self.assertTrue(expected.matches(['a', '<lines>', 'b'], 'a\nx\ny\nb\n'))
        self.assertFalse(expected.matches(['a', '<lines>'], 'b\n'))

    def test_a_last_line_may_lack_its_newline(self):
        self.assertTrue(expected.matches(['a'], 'a'))
        self.assertTrue(expected.matches([], ''))
        self.assertFalse(expected.matches([], '\n'))


class Transcripts(unittest.TestCase):
    def passes(self, text):
        with tempfile.TemporaryDirectory() as directory, contextlib.redirect_stdout(io.StringIO()):
            path = pathlib.Path(directory, 'case.transcript')
            path.write_text(text, encoding='utf-8')
            return run_transcripts.run(path, pathlib.Path('/bin/true'), HERE.parents[1])

    def test_a_session_that_went_so_passes(self):
        self.assertTrue(self.passes('# note\n$ echo a; echo b >&2; exit 3\na\n! b\n[exit 3]\n\n$ echo \\\n  c\nc\n'))

    def test_each_part_is_compared(self):
        for wrong in ('$ echo a\nb\n', '$ echo a\n', '$ true\na\n', '$ false\n', '$ true\n[exit 1]\n',
                      '$ echo a >&2\n', '$ echo a >&2\n! b\n', '$ true\n! a\n', '$ false | true\n'):
            self.assertFalse(self.passes(wrong), wrong)

    def test_the_examples_are_at_hand_and_files_last_from_command_to_command(self):
        self.assertTrue(self.passes('$ head -c 6 examples/data/randhie.csv > x\n$ cat x\nperson\n'))

    def test_what_shows_nothing_is_refused(self):
        for empty in ('', '# only a comment\n', 'output first\n$ true\n'):
            with self.assertRaises(SystemExit):
                self.passes(empty)


if __name__ == '__main__':
    unittest.main()
