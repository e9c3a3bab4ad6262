import assert from "node:assert/strict";
import type { JsonObject } from "../../src/lib/json.ts";
import { executeCommand } from "../../src/tool/execute_command.ts";
import { inTempDir, namesIn, toolDeps } from "./run_tool.ts";
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
        ["cd nowhere || echo lost", "[exit code 0]\nlost\n[errors]\ncd: there is no such folder\n"],
        ["ls missing 2>/dev/null || echo gone", "[exit code 0]\ngone\n"],
        ["cat missing 2>&1 >/dev/null | tr -cd m", "[exit code 0]\nm"],
        ["cd sub; pwd | sort >/dev/null; ls -1", "[exit code 0]\na.txt\nb.txt\n"],
      ];
      for (const [line, expected] of rows) {
        assert.equal(await said(folder, line, asked), expected, line);
      }
    }));
}

Deno.test("executeCommand tells the model what it understands, what may run, and which sandbox holds it", async () => {
  const described = async (options: Parameters<typeof executeCommand.create>[0]) =>
    (await executeCommand.create(options, toolDeps("/tmp"))).description;
  assert.match(
    await described({ ...AT.permissions, allowed_commands: ["ls", "git status"] }),
    /^Allowed: ls, git status\.$/m,
  );
  assert.match(await described(AT.permissions), /^Not allowed: rm, /m);
  assert.match(await described({ ...AT.permissions, deny_by_default: true }), /^No command is allowed\.$/m);
  assert.match(await described({ ...AT.permissions, max_execution_time: "2m" }), /after 120 s\./);
  assert.match(await described(AT.permissions), /^Sandbox: permissions\./m);
  assert.match(await described({ enable_sandboxing: false, allowed_commands: ["ls"] }), /^Sandbox: none\./m);
  if (LEVELS.length > 1) assert.match(await described(AT.kernel), /^Sandbox: kernel\. There is no network/m);
});

const WRONG: [options: JsonObject, reason: RegExp][] = [
  [
    { sandbox: { require: "kernel", bubblewrap: "/nonexistent/bwrap" } },
    /of level "kernel": only "permissions" is reached/,
  ],
  [{ working_directory: "/" }, /the whole machine/],
  [{ enable_sandboxing: false }, /it has to name what may run/],
  [{ enable_sandboxing: false, allowed_commands: ["ls"], sandbox: { require: "permissions" } }, /switched off/],
  [{ allowed_commands: ["ls; id"] }, /a program, with its first arguments/],
  [{ allowed_commands: ["ls  -l"] }, /a program/],
  [{ allowed_commands: ["*"] }, /a program/],
  [{ max_execution_time: "soon" }, /a time such as 30s/],
  [{ max_execution_time: "2h" }, /at most an hour/],
  [{ sandbox: { readable: ["opt"] } }, /an absolute path/],
  [{ env: { "A=B": "x" } }, /letters, digits and _/],
  [{ allowed_comands: ["ls"] }, /allowed_comands/],
];

for (const [options, reason] of WRONG) {
  Deno.test(`executeCommand refuses the options ${JSON.stringify(options)}`, () =>
    assert.rejects(async () => await executeCommand.create(options, toolDeps("/tmp")), reason));
}

Deno.test("executeCommand runs in a folder below, and no longer than the call says", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeTextFile(`${folder}/sub/here.txt`, "");
    const options = { ...AT.permissions, allowed_commands: ["ls", "sleep"] };
    const within = (working_dir: string) => said(folder, "ls", { options, input: { working_dir } });
    assert.equal(await within("sub"), "[exit code 0]\nhere.txt\n");
    assert.equal(await within(`${folder}/sub`), "[exit code 0]\nhere.txt\n");
    assert.match(await within("sub/here.txt"), /^\[refused: there is no folder/);
    assert.match(await within("missing"), /^\[refused: there is no folder/);
    assert.match(await within(".."), /^\[refused: .* lead out of the working directory/);
    assert.match(await within("/etc"), /^\[refused: .* lead out of the working directory/);
    const late = await said(folder, "sleep 20", { options, input: { timeout: 0.2 } });
    assert.equal(late, "[stopped: it ran longer than 0.2 s]\n");
  }));

Deno.test("executeCommand without sandboxing still judges each command, and looks at no path", () =>
  inTempDir(async (folder) => {
    const options = { enable_sandboxing: false, allowed_commands: ["cat", "ls"] };
    await Deno.mkdir(`${folder}/work`);
    await Deno.writeTextFile(`${folder}/beside.txt`, "beside\n");
    assert.equal(await said(`${folder}/work`, "cat ../beside.txt", { options }), "[exit code 0]\nbeside\n");
    assert.match(await said(`${folder}/work`, "ls; id", { options }), /^\[refused: "id" is not allowed/);
    const protectedPaths = [`${folder}/beside.txt`];
    assert.match(
      await said(`${folder}/work`, "cat ../beside.txt", { options, deps: { protectedPaths } }),
      /off limits/,
    );
  }));

Deno.test("executeCommand starts nothing of a line of which a command is refused", () =>
  inTempDir(async (folder) => {
    const options = { ...AT.permissions, allowed_commands: ["touch"] };
    assert.match(
      await said(folder, "touch made; id", { options }),
      /^\[refused: "id" is not allowed \(allowed: touch\)\]/,
    );
    assert.deepEqual(await namesIn(folder), []);
  }));

Deno.test("executeCommand needs a yes unless a list and the kernel hold it", async () => {
  const needs = async (options: Parameters<typeof executeCommand.create>[0]) =>
    (await executeCommand.create(options, toolDeps("/tmp"))).needsApproval?.({ command: "ls" });
  assert.equal(await needs({ ...AT.permissions }), true);
  assert.equal(await needs({ ...AT.permissions, allowed_commands: ["ls"] }), true);
  assert.equal(await needs({ enable_sandboxing: false, allowed_commands: ["ls"] }), true);
  if (LEVELS.length === 1) return;
  assert.equal(await needs({ ...AT.kernel }), true);
  assert.equal(await needs({ ...AT.kernel, allowed_commands: ["ls"] }), false);
});
