import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withExecutions } from '../../../../test/support/executions.ts';
import { languages } from './table.ts';

interface Sample {
  /** Prints "hello" and ends with 0. */
  readonly hello: string;
  /** Prints its arguments, the variable NAME and its stdin, in brackets, then "bad" on stderr, and ends with 7. */
  readonly everything: string;
  /** A second file and a program that prints what it gives: "from the other file". */
  readonly other?: readonly [name: string, content: string];
  readonly usesOther?: string;
}

const samples: Readonly<Record<string, Sample>> = {
  python: {
    hello: 'print("hello")',
    everything:
      'import os, sys\nprint(f"[{sys.argv[1:]}] [{os.environ[\'NAME\']}] [{sys.stdin.read()}]".replace("\'", ""))\nprint("bad", file=sys.stderr)\nsys.exit(7)',
    other: ['lib/other.py', 'text = "from the other file"'],
    usesOther: 'from lib.other import text\nprint(text)',
  },
  javascript: {
    hello: 'console.log("hello")',
    everything:
      'console.log(`[[${process.argv.slice(2).join(", ")}]] [${process.env.NAME}] [${require("fs").readFileSync(0)}]`);console.error("bad");process.exitCode=7',
    other: ['lib/other.js', 'exports.text = "from the other file"'],
    usesOther: 'console.log(require("./lib/other.js").text)',
  },
  typescript: {
    hello: 'const text: string = "hello"; console.log(text)',
    everything:
      'import { readFileSync } from "node:fs";\nconsole.log(`[[${process.argv.slice(2).join(", ")}]] [${process.env.NAME}] [${readFileSync(0)}]`);console.error("bad");process.exitCode = 7 as number',
    other: ['lib/other.ts', 'export const text: string = "from the other file"'],
    usesOther: 'import { text } from "./lib/other.ts"; console.log(text)',
  },
  bash: {
    hello: 'echo hello',
    everything: 'echo "[[$1, $2]] [$NAME] [$(cat)]"; echo bad >&2; exit 7',
    other: ['lib/other.sh', 'text="from the other file"'],
    usesOther: '. lib/other.sh; echo "$text"',
  },
  ruby: {
    hello: 'puts "hello"',
    everything: 'puts "[[#{ARGV.join(", ")}]] [#{ENV["NAME"]}] [#{STDIN.read}]"; warn "bad"; exit 7',
    other: ['lib/other.rb', 'TEXT = "from the other file"'],
    usesOther: 'require_relative "lib/other"; puts TEXT',
  },
  perl: {
    hello: 'print "hello\\n";',
    everything:
      'print "[[", join(", ", @ARGV), "]] [$ENV{NAME}] [", <STDIN>, "]\\n"; print STDERR "bad\\n"; exit 7;',
    other: ['lib/Other.pm', 'package Other; our $text = "from the other file"; 1;'],
    usesOther: 'use FindBin; use lib "$FindBin::Bin/lib"; use Other; print "$Other::text\\n";',
  },
  php: {
    hello: '<?php echo "hello\\n";',
    everything:
      '<?php echo "[[".implode(", ", array_slice($argv, 1))."]] [".getenv("NAME")."] [".stream_get_contents(STDIN)."]\\n"; fwrite(STDERR, "bad\\n"); exit(7);',
    other: ['lib/other.php', '<?php $text = "from the other file";'],
    usesOther: '<?php require "lib/other.php"; echo ctype_digit("7") ? "$text\\n" : "";',
  },
  lua: {
    hello: 'print("hello")',
    everything:
      'print("[["..arg[1]..", "..arg[2].."]] ["..os.getenv("NAME").."] ["..io.read("*a").."]"); io.stderr:write("bad\\n"); os.exit(7)',
    other: ['other.lua', 'return "from the other file"'],
    usesOther: 'print((require("other")))',
  },
  c: {
    hello: '#include <stdio.h>\nint main(void) { puts("hello"); }',
    everything:
      '#include <stdio.h>\n#include <stdlib.h>\nint main(int c, char **v) { char in[99]; in[fread(in, 1, 98, stdin)] = 0; printf("[[%s, %s]] [%s] [%s]\\n", v[1], v[2], getenv("NAME"), in); fputs("bad\\n", stderr); return 7; }',
    other: ['other.c', 'const char *text(void) { return "from the other file"; }'],
    usesOther: '#include <stdio.h>\nconst char *text(void);\nint main(void) { puts(text()); }',
  },
  'c++': {
    hello: '#include <iostream>\nint main() { std::cout << "hello\\n"; }',
    everything:
      '#include <iostream>\n#include <iterator>\n#include <cstdlib>\nint main(int, char **v) { std::string in{std::istreambuf_iterator<char>(std::cin), {}}; std::cout << "[[" << v[1] << ", " << v[2] << "]] [" << getenv("NAME") << "] [" << in << "]\\n"; std::cerr << "bad\\n"; return 7; }',
    other: ['other.cpp', '#include <string>\nstd::string text() { return "from the other file"; }'],
    usesOther: '#include <iostream>\nstd::string text();\nint main() { std::cout << text() << "\\n"; }',
  },
  go: {
    hello: 'package main\nimport "fmt"\nfunc main() { fmt.Println("hello") }',
    everything:
      'package main\nimport ("fmt"; "io"; "os"; "strings")\nfunc main() { in, _ := io.ReadAll(os.Stdin); fmt.Printf("[[%s]] [%s] [%s]\\n", strings.Join(os.Args[1:], ", "), os.Getenv("NAME"), in); fmt.Fprintln(os.Stderr, "bad"); os.Exit(7) }',
    other: ['other.go', 'package main\nconst text = "from the other file"'],
    usesOther: 'package main\nimport "fmt"\nfunc main() { fmt.Println(text) }',
  },
  rust: {
    hello: 'fn main() { println!("hello"); }',
    everything:
      'use std::io::Read;\nfn main() { let mut i = String::new(); std::io::stdin().read_to_string(&mut i).unwrap(); let a: Vec<String> = std::env::args().skip(1).collect(); println!("[[{}]] [{}] [{}]", a.join(", "), std::env::var("NAME").unwrap(), i); eprintln!("bad"); std::process::exit(7) }',
    other: ['other.rs', 'pub const TEXT: &str = "from the other file";'],
    usesOther: 'mod other;\nfn main() { println!("{}", other::TEXT); }',
  },
  java: {
    hello: 'public class Main { public static void main(String[] a) { System.out.println("hello"); } }',
    everything:
      'public class Main { public static void main(String[] a) throws Exception { String in = new String(System.in.readAllBytes()); System.out.println("[[" + String.join(", ", a) + "]] [" + System.getenv("NAME") + "] [" + in + "]"); System.err.println("bad"); System.exit(7); } }',
    other: ['Other.java', 'class Other { static String text = "from the other file"; }'],
    usesOther:
      'public class Main { public static void main(String[] a) { System.out.println(Other.text); } }',
  },
};

test('every language says hello, takes arguments, variables, input and files, and gives its exit code', async (t) => {
  await withExecutions({}, async ({ output, installed }) => {
    for (const language of languages) {
      const sample = samples[language.name];
      await t.test(language.name, async (t) => {
        assert.ok(sample, 'every language has a sample');
        if (!installed.has(language.name)) return t.skip('it is not installed on this machine');
        const entry = language.name === 'java' ? 'Main.java' : `main${language.extensions[0]}`;
        const program = (content: string) => ({ language: language.name, files: [{ name: entry, content }] });

        const hello = await output(program(sample.hello));
        assert.deepEqual(
          [hello.outcome, hello.exitCode, hello.signal, hello.stdout, hello.stderr],
          ['ok', 0, null, 'hello\n', ''],
        );
        assert.equal(hello.compile === null, language.compile === undefined);

        const everything = await output({
          ...program(sample.everything),
          args: ['--a', 'b c'],
          env: { NAME: 'välue' },
          stdin: 'in€put',
        });
        assert.deepEqual(
          [everything.stdout, everything.stderr, everything.outcome, everything.exitCode],
          ['[[--a, b c]] [välue] [in€put]\n', 'bad\n', 'failed', 7],
        );

        if (!sample.other || sample.usesOther === undefined) return undefined;
        const [name, content] = sample.other;
        const several = program(sample.usesOther);
        const together = await output({ ...several, files: [...several.files, { name, content }] });
        assert.deepEqual(
          [together.stdout, together.stderr, together.exitCode],
          ['from the other file\n', '', 0],
        );
        return undefined;
      });
    }
  });
});

test('every installed version of a language can be asked for', async () => {
  await withExecutions({}, async ({ output, installed }) => {
    for (const [name, versions] of installed) {
      const extensions = languages.find((language) => language.name === name)?.extensions ?? [''];
      for (const version of versions) {
        const files = [
          {
            name: name === 'java' ? 'Main.java' : `main${extensions[0]}`,
            content: samples[name]?.hello ?? '',
          },
        ];
        const { outcome, stdout, version: ran } = await output({ language: name, version, files });
        assert.deepEqual([outcome, stdout, ran], ['ok', 'hello\n', version], `${name} ${version}`);
      }
    }
  });
});
