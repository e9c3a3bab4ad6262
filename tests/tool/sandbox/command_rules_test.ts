import assert from "node:assert/strict";
import { CommandRefusal } from "../../../src/tool/sandbox/command_refusal.ts";
import { type CommandRules, judgeCommand, type Programs } from "../../../src/tool/sandbox/command_rules.ts";
import { parseScript } from "../../../src/tool/sandbox/parse_script.ts";
import { DENIED_COMMANDS } from "../../../src/tool/sandbox/program_lists.ts";

/** A machine that has everything, on which `vi`, `awk` and `/opt/list` are other programs. */
const LINKS = new Map([
  ["/usr/bin/vi", "/usr/bin/vim.basic"],
  ["/usr/bin/awk", "/usr/bin/mawk"],
  ["/opt/list", "/usr/bin/ls"],
  ["/usr/bin/delete", "/usr/bin/rm"],
  ["/usr/bin/shell", "/usr/bin/bash"],
]);
const programs: Programs = {
  find: (name) =>
    name === "missing"
      ? undefined
      : name.startsWith("/")
      ? name
      : name.includes("/")
      ? `/w/${name}`
      : `/usr/bin/${name}`,
  real: (path) => LINKS.get(path) ?? path,
};

const rules = (changes: Partial<CommandRules>): CommandRules => ({
  allowed: [],
  denied: [],
  isClosed: false,
  isConfined: true,
  variables: new Set(),
  ...changes,
});

function judge(line: string, changes: Partial<CommandRules>): string {
  const [step] = parseScript(line);
  assert.ok(step !== undefined);
  const { variables, words } = step.pipeline[0];
  const { program, args } = judgeCommand({ variables, words: words.map(({ text }) => text) }, rules(changes), programs);
  return [program, ...args].join(" ");
}

const TOOLS = "ls cat grep find git tar sed gawk awk xargs env nice timeout head sort rg wc ln".split(" ");

const PASSES: [line: string, changes: Partial<CommandRules>, runs?: string][] = [
  ["ls -la", {}],
  ["ls -la", { allowed: ["ls"] }],
  ["/usr/bin/ls -la", { allowed: ["ls"] }],
  ["/opt/list", { allowed: ["/opt/list"] }],
  ["./gradlew test", { allowed: ["./gradlew"] }],
  ["./gradlew test", {}],
  ["git status -s", { allowed: ["git status"] }],
  ["git push", { allowed: ["git"], denied: ["git commit"] }],
  ["git -c core.pager=less log", { allowed: ["git *"] }],
  ["find . -exec sh -c id {} +", { allowed: ["find *"] }],
  ["git log --oneline -n 5 HEAD~1..HEAD -- src", { allowed: TOOLS }],
  ["git commit -am 'A message that is long -- and --exec'", { allowed: TOOLS }],
  ["git diff --stat main..feature", { allowed: TOOLS }],
  ["git --no-pager -C sub show HEAD:x", { allowed: TOOLS }],
  ["git config --get user.name", { allowed: TOOLS }],
  ["git grep -n 'a|b' -- '*.ts'", { allowed: TOOLS }],
  ["git clone --depth 1 https://example.com/x.git", { allowed: TOOLS }],
  ["find . -name '*.ts' -not -path './node_modules/*' -type f", { allowed: TOOLS }],
  ["find . -name '*.ts' -exec grep -l TODO {} +", { allowed: TOOLS }],
  ["find . -maxdepth 1 -exec wc -l {} \\;", { allowed: TOOLS }],
  ["tar xzf a.tar.gz", { allowed: TOOLS }],
  ["tar -czf a.tar.gz --exclude=node_modules .", { allowed: TOOLS }],
  ["sed -n '1,20p' x", { allowed: TOOLS }, "/usr/bin/sed --sandbox -n 1,20p x"],
  ["sed -i 's/a/b/g' x", { allowed: TOOLS }, "/usr/bin/sed --sandbox -i s/a/b/g x"],
  ["gawk '{ print $1 > \"x\" }'", { allowed: TOOLS }, '/usr/bin/gawk --sandbox { print $1 > "x" }'],
  ["awk '$3 > 5 { sum += $3 } END { print sum }' x", { allowed: TOOLS }],
  ["awk -F: '$1 == \"a\" || $2 { print $1, $2 }' x", { allowed: TOOLS }],
  ["xargs -0 grep x", { allowed: TOOLS }],
  ["xargs -n 10 -P 2 wc -l", { allowed: TOOLS }],
  ["xargs", { allowed: [...TOOLS, "echo"] }],
  ["env LANG=C sort x", { allowed: TOOLS }],
  ["LC_ALL=C NO_COLOR=1 sort x", { allowed: TOOLS }],
  ["MY_FLAG=1 ls", { allowed: TOOLS, variables: new Set(["MY_FLAG"]) }],
  ["timeout 10 nice -n 5 grep -r x .", { allowed: TOOLS }],
  ["timeout -k 5 10s ls", { allowed: TOOLS }],
  ["sort -k2,2n -t, x", { allowed: TOOLS }],
  ["rg -n --pretty --glob '*.ts' x", { allowed: TOOLS }],
  ["bash x.sh", { allowed: ["bash"] }],
  ["sudo ls", { allowed: ["sudo"] }],
  ["python3 x.py", {}],
  ["rm x", { allowed: ["rm"] }],
  ["busybox ls", { allowed: ["busybox", "ls"] }],
];

for (const [line, changes, runs] of PASSES) {
  Deno.test(`judgeCommand() lets ${JSON.stringify(line)} run where ${JSON.stringify(changes.allowed ?? "nothing")} is listed`, () => {
    const found = judge(line, changes);
    if (runs !== undefined && Deno.build.os === "linux") assert.equal(found, runs);
  });
}

const REFUSED: [line: string, changes: Partial<CommandRules>, reason: RegExp][] = [
  ["cat x", { allowed: ["ls", "git status"] }, /"cat" is not allowed \(allowed: ls, git status\)/],
  ["git push", { allowed: ["git status"] }, /"git" is not allowed/],
  ["ls", { isClosed: true }, /none is/],
  ["rm x", { denied: DENIED_COMMANDS }, /"rm" is not allowed \(denied_commands\)/],
  ["/usr/bin/rm x", { denied: DENIED_COMMANDS }, /"rm" is not allowed/],
  ["./rm x", { denied: DENIED_COMMANDS }, /"rm" is not allowed/],
  ["delete x", { denied: DENIED_COMMANDS }, /"rm" is not allowed/],
  ["nice rm x", { denied: DENIED_COMMANDS }, /"rm" is not allowed/],
  ["xargs rm", { denied: DENIED_COMMANDS }, /"rm" is not allowed/],
  ["find . -exec rm {} +", { denied: DENIED_COMMANDS }, /"rm" is not allowed/],
  ["git push origin", { allowed: ["git"], denied: ["git push"] }, /"git push" is not allowed/],
  ["git push", { allowed: ["git *"], denied: ["git push"] }, /"git push" is not allowed/],
  ["sh -c id", {}, /has to stand in allowed_commands/],
  ["shell -c id", {}, /has to stand in allowed_commands/],
  ["vi x", {}, /has to stand in allowed_commands/],
  ["sudo ls", {}, /has to stand in allowed_commands/],
  ["missing", {}, /no program "missing"/],
  ["missing", { allowed: ["ls"] }, /not allowed/],
  ["/opt/list", { allowed: ["list"] }, /not allowed/],
  ["./ls", { allowed: ["ls"] }, /not allowed/],
  ["LS", { allowed: ["ls"] }, /not allowed/],
  ["nice cat x", { allowed: ["nice"] }, /"cat" is not allowed/],
  ["xargs -n1 env", { allowed: TOOLS }, /arguments that nobody has seen/],
  ["xargs cat", { allowed: TOOLS, isConfined: false }, /arguments that nobody has seen/],
  ["find . -exec cat {} +", { allowed: TOOLS, isConfined: false }, /arguments that nobody has seen/],
  ["nice sed '1e id' x", { allowed: TOOLS }, /sed/],
  ["grep -R x .", { allowed: TOOLS, isConfined: false }, /follow links/],
  ["ln -s ../x y", { allowed: TOOLS, isConfined: false }, /follow links/],
  ["PATH=. ls", {}, /the variable "PATH" may not be set/],
  ["env LD_PRELOAD=x ls", { allowed: TOOLS }, /the variable "LD_PRELOAD"/],
  ["nice", { allowed: TOOLS }, /needs a command/],
  ["nice --frobnicate ls", { allowed: TOOLS }, /not known here/],
  [`${"nice ".repeat(10)}ls`, { allowed: TOOLS }, /too deeply/],
];

for (const [line, changes, reason] of REFUSED) {
  Deno.test(`judgeCommand() refuses ${JSON.stringify(line.slice(0, 40))} where ${JSON.stringify(changes.allowed?.length ?? 0)} are listed`, () =>
    assert.throws(() => judge(line, changes), (thrown) => {
      assert.ok(thrown instanceof CommandRefusal, String(thrown));
      assert.match(thrown.message, reason);
      return true;
    }));
}
