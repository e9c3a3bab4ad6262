import assert from "node:assert/strict";
import { CommandRefusal } from "../../../src/tool/sandbox/command_refusal.ts";
import { parseScript } from "../../../src/tool/sandbox/parse_script.ts";

/** A script as one line: `after` unless `;`, words with `⟨pattern⟩`, redirections. */
function shown(text: string): string {
  return parseScript(text).map(({ after, pipeline }) => {
    const commands = pipeline.map(({ variables, words, redirects }) =>
      [
        ...variables.map(([name, value]) => `${name}=${value}`),
        ...words.map(({ text, pattern }) => pattern === undefined ? `[${text}]` : `<${pattern}>`),
        ...redirects.map((each) =>
          each.how === "copy" ? `${each.fd}>&${each.of}` : `${each.fd}${each.how}${each.file}`
        ),
      ].join(" ")
    ).join(" | ");
    return after === ";" ? commands : `${after} ${commands}`;
  }).join(" ; ");
}

const READ: [text: string, as: string][] = [
  ["ls", "[ls]"],
  ["  ls   -la\t src ", "[ls] [-la] [src]"],
  ["ls;pwd", "[ls] ; [pwd]"],
  ["ls\npwd\n", "[ls] ; [pwd]"],
  ["\n\n ls ;\n", "[ls]"],
  ["a&&b||c", "[a] ; && [b] ; || [c]"],
  ["a &&\n  b", "[a] ; && [b]"],
  ["a |\n b", "[a] | [b]"],
  ["a|b|c", "[a] | [b] | [c]"],
  ["echo 'a b'\"c d\"e\\ f", "[echo] [a bc de f]"],
  ["echo '' \"\"", "[echo] [] []"],
  [`echo '$HOME \`id\` $(id)'`, "[echo] [$HOME `id` $(id)]"],
  [`echo "\\$HOME \\"q\\" \\\\ \\n"`, `[echo] [$HOME "q" \\ \\n]`],
  ["echo \\$HOME \\| \\; \\&", "[echo] [$HOME] [|] [;] [&]"],
  ["grep 'a|b;c&d>e<f(g)' x", "[grep] [a|b;c&d>e<f(g)] [x]"],
  ['grep foo$ "bar$" x', "[grep] [foo$] [bar$] [x]"],
  ["grep $ x", "[grep] [$] [x]"],
  ["echo a\\\nb \\\n c", "[echo] [ab] [c]"],
  ["ls *.ts a?c [ab]x '*' \\* a'*'*", "[ls] <*.ts> <a?c> <[ab]x> [*] [*] <a\\**>"],
  ["ls # all of it; rm x\npwd", "[ls] ; [pwd]"],
  ["echo a#b '#c'", "[echo] [a#b] [#c]"],
  ["a > x 2>&1", "[a] 1>x 2>&1"],
  ["a >x 2>>y <z", "[a] 1>x 2>>y 0<z"],
  ["a 1>&2", "[a] 1>&2"],
  ["a >&2 | b", "[a] 1>&2 | [b]"],
  ["a2>x", "[a2] 1>x"],
  ["a 2 >x", "[a] [2] 1>x"],
  ["> x echo a", "[echo] [a] 1>x"],
  ["a 2>'file name'", "[a] 2>file name"],
  ["LANG=C TZ='a b' sort x", "LANG=C TZ=a b [sort] [x]"],
  ["sort LANG=C", "[sort] [LANG=C]"],
  ["'LANG'=C sort", "[LANG=C] [sort]"],
  ["find . -name '*.ts' -exec wc -l {} +", "[find] [.] [-name] [*.ts] [-exec] [wc] [-l] [{}] [+]"],
  ["find . -exec ls {} \\;", "[find] [.] [-exec] [ls] [{}] [;]"],
  ["find . ! -name x", "[find] [.] [!] [-name] [x]"],
  ["git stash show stash@{0} HEAD~1 HEAD^", "[git] [stash] [show] [stash@{0}] [HEAD~1] [HEAD^]"],
  ["[ -f x ] && echo y", "[[] [-f] [x] []] ; && [echo] [y]"],
  ["echo if then for", "[echo] [if] [then] [for]"],
  ["echo 'a\nb'", "[echo] [a\nb]"],
  ["échø ünïcode 漢字 🙂", "[échø] [ünïcode] [漢字] [🙂]"],
];

for (const [text, as] of READ) {
  Deno.test(`parseScript() reads ${JSON.stringify(text)}`, () => assert.equal(shown(text), as));
}

const REFUSED: [text: string, reason: RegExp][] = [
  ["", /no command/],
  [" \n ; # nothing", /no command/],
  ["ls |", /missing before the end/],
  ["| ls", /missing before \|/],
  ["&& ls", /missing before &&/],
  ["ls && ; pwd", /missing before ;/],
  ["ls || && pwd", /missing before &&/],
  ["ls $(id)", /command substitution/],
  ['ls "$(id)"', /command substitution/],
  ["ls `id`", /command substitution/],
  ['ls "a`id`"', /command substitution/],
  ["ls $((1+1))", /command substitution/],
  ["echo $HOME", /variables are not expanded/],
  ['echo "${HOME}"', /variables are not expanded/],
  ["echo ${IFS}", /variables are not expanded/],
  ["cat$IFS/etc/passwd", /variables are not expanded/],
  ["echo $?", /variables are not expanded/],
  ["echo $$ $! $@ $* $# $- $0", /variables are not expanded/],
  ["echo $'\\x41'", /plain quotes/],
  ['echo $"a"', /plain quotes/],
  ["ls &", /background/],
  ["ls & pwd", /background/],
  ["ls &>x", /2>&1/],
  ["ls >&x", /2>&1/],
  ["ls &>>x", /2>&1/],
  ["ls |& cat", /2>&1 \|/],
  ["ls >| x", /only <, >/],
  ["ls <> x", /only <, >/],
  ["ls 3>&1", /can be redirected|only/],
  ["ls 3> x", /only standard input/],
  ["ls 0> x", /only standard input/],
  ["ls 1< x", /only standard input/],
  ["ls <&3", /only <, >/],
  ["ls >&-", /2>&1/],
  ["cat <<E\nx\nE", /here-document/],
  ["cat <<-E", /here-document/],
  ["cat <<< x", /here-document/],
  ["diff <(ls) x", /process substitution/],
  ["tee >(cat)", /process substitution/],
  ["(ls)", /parentheses/],
  ["f() { ls; }", /parentheses/],
  ["ls a(b)", /parentheses/],
  ["{ ls; }", /word of the shell/],
  ["! ls", /word of the shell/],
  ["if true; then ls; fi", /word of the shell/],
  ["for x in a; do ls; done", /word of the shell/],
  ["while true; do ls; done", /word of the shell/],
  ["case x in x) ls;; esac", /word of the shell|;;|parentheses/],
  ["eval ls", /word of the shell/],
  ["exec ls", /word of the shell/],
  [". ./x", /word of the shell/],
  ["source x", /word of the shell/],
  ["export A=b", /word of the shell/],
  ["command ls", /word of the shell/],
  ["builtin ls", /word of the shell/],
  ["alias ls=id", /word of the shell/],
  ["trap id EXIT", /word of the shell/],
  ["a;;b", /;;/],
  ["echo ~", /~ is not expanded/],
  ["ls ~root/x", /~ is not expanded/],
  ["ls --x=~/y", /~ is not expanded/],
  ["echo {a,b}", /braces/],
  ["echo {1..3}", /braces/],
  ["echo x{a,'b c'}y", /braces/],
  ["echo 'a", /single quote has no end/],
  ['echo "a', /double quote has no end/],
  ["echo a\\", /ends with a backslash/],
  ["'' x", /name of a command is empty/],
  ["l? x", /name of a command holds a pattern/],
  ["A=b", /write a command behind/],
  ["> x", /write a command behind/],
  ["A+=b ls", /only NAME=value/],
  ["A[0]=b ls", /only NAME=value/],
  ["ls >", /file is missing after >/],
  ["ls > > x", /file is missing after >/],
  ["ls > ''", /file is missing after >/],
  ["ls > *.x", /holds a pattern/],
  ["cd x | ls", /cd in a pipeline/],
  ["ls | cd x", /cd in a pipeline/],
  ["ls\u0000", /control character/],
  ["ls\r\nrm x", /control character/],
  ["ls \u001b[2J", /control character/],
  ["ls 'a\u0007'", /control character/],
  ["ls \u202egpj.exe", /hide or reorder/],
  ["l\u200bs", /hide or reorder/],
  ["ls \ud800", /hide or reorder/],
  [`ls ${"a".repeat(20_000)}`, /at most 16384 are read/],
  ["ls;".repeat(65), /more than 64 commands/],
];

for (const [text, reason] of REFUSED) {
  Deno.test(`parseScript() refuses ${JSON.stringify(text.slice(0, 60))}`, () =>
    assert.throws(() => parseScript(text), (thrown) => {
      assert.ok(thrown instanceof CommandRefusal);
      assert.match(thrown.message, reason);
      return true;
    }));
}
