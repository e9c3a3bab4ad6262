import assert from "node:assert/strict";
import { ROOT } from "./hector_process.ts";
import { inSandbox, type Sandbox } from "./sandbox.ts";
import { type Asked, call, type Reply, withModel } from "./simulated_model.ts";

const SUM = `export function sum(numbers) {
  let total = 0;
  for (const number of numbers) {
    total -= number;
  }
  return total;
}
`;
const SUM_TEST = `import assert from "node:assert/strict";
import test from "node:test";
import { sum } from "./sum.mjs";

test("sum() adds numbers", () => assert.equal(sum([1, 2, 3]), 6));
`;

/** A programmer of few words: looks, patches, tests, reports. */
function programmer({ results }: Asked): Reply {
  const [found, read, patched, tested] = results;
  if (found === undefined) {
    return { text: "I look for it.", calls: [call("grep_search", { pattern: "sum\\(" })] };
  }
  if (read === undefined) return { calls: [call("read_file", { path: /sum\.mjs/.exec(found)?.[0] ?? "none" })] };
  if (patched === undefined) {
    const before =
      "  let total = 0;\n  for (const number of numbers) {\n    total -= number;\n  }\n  return total;\n}\n";
    const patch = {
      path: "sum.mjs",
      old_string: `export function sum(numbers) {\n${before}`,
      new_string: `export function sum(numbers) {\n${before.replace("-=", "+=")}`,
      create_backup: false,
    };
    return { calls: [call("apply_patch", patch)] };
  }
  if (tested === undefined) return { calls: [call("run_tests", { command: "node --test sum_test.mjs" })] };
  return /^\[exit code 0\]/.test(tested)
    ? "sum() subtracted where it had to add; the test passes now."
    : `I could not do it: ${patched} ${tested}`;
}

async function project({ write }: Sandbox): Promise<void> {
  await write("sum.mjs", SUM);
  await write("sum_test.mjs", SUM_TEST);
  await write("coding.yaml", await Deno.readTextFile(`${ROOT}configs/coding.yaml`));
}

/** Only what lies where every sandbox sees it can run in the strongest one. */
const hasNode = await new Deno.Command("sh", { args: ["-c", "command -v node"], stderr: "null" }).output()
  .then(({ stdout }) => /^\/(usr|bin)\//.test(new TextDecoder().decode(stdout)));

const TASK = /hector call --task (\S+)/;

Deno.test(
  "coding.yaml: a failing test is read, the code patched and the test run, each change after a yes of its own",
  { ignore: !hasNode },
  async () => {
    await withModel(programmer, ({ env }) =>
      inSandbox(async (sandbox) => {
        await project(sandbox);
        const server = await sandbox.serve(["coding.yaml"], { env });
        const say = (...args: string[]) => sandbox.run(["call", ...args, "--server", server.url]);

        const first = await say("The test of sum() fails: find out why and mend it");
        assert.equal(first.code, 0, first.err);
        assert.match(first.out, /Change sum\.mjs\?\n--- before[\s\S]*-= number[\s\S]*\+= number/);
        assert.equal(await Deno.readTextFile(`${sandbox.folder}/sum.mjs`), SUM);
        const [, task = ""] = TASK.exec(first.err) ?? [];

        const second = await say("approve", "--task", task);
        assert.match(second.out, /Run node --test sum_test\.mjs\?/, second.err);
        assert.match(second.err, /← apply_patch Patched sum\.mjs/);
        assert.equal(await Deno.readTextFile(`${sandbox.folder}/sum.mjs`), SUM.replace("-=", "+="));

        const third = await say("approve", "--task", task);
        assert.match(third.out, /the test passes now/, third.err);
      }));
  },
);

Deno.test(
  "coding.yaml: in chat each call waits for its own y, and nothing is told twice",
  { ignore: !hasNode },
  async () => {
    await withModel(programmer, ({ env }) =>
      inSandbox(async (sandbox) => {
        await project(sandbox);
        const stdin = "The test of sum() fails\nhm\ny\ny\n";
        const { out, err } = await sandbox.run(["chat", "--config", "coding.yaml"], { env, stdin });
        assert.equal(out.split("I look for it.").length, 2, out);
        assert.match(out, /the test passes now\.\n/, err);
        const asked = [...err.matchAll(/^(\w+) .*: run it\?/gm)].map(([, tool]) => tool);
        assert.deepEqual(asked, ["apply_patch", "apply_patch", "run_tests"]);
      }));
  },
);

Deno.test("coding.yaml: what is denied is not done, and the model says so", async () => {
  const reply = (asked: Asked): Reply =>
    asked.results.length === 3 ? `So be it: ${asked.results[2]}` : programmer(asked);
  await withModel(reply, ({ env }) =>
    inSandbox(async (sandbox) => {
      await project(sandbox);
      const server = await sandbox.serve(["coding.yaml"], { env });
      const first = await sandbox.run(["call", "Mend sum()", "--server", server.url]);
      const [, task = ""] = TASK.exec(first.err) ?? [];
      const answer = "deny because I mend it myself";
      const second = await sandbox.run(["call", answer, "--task", task, "--server", server.url]);
      assert.match(second.out, /So be it: .*not approved, because: I mend it myself/, second.err);
      assert.equal(await Deno.readTextFile(`${sandbox.folder}/sum.mjs`), SUM);
    }));
});

/** [command, what comes of it without anybody being asked] */
const COMMANDS: readonly [command: string, outcome: RegExp][] = [
  ["rm -rf .", /^\[refused: /],
  ["node -e 1", /^\[refused: /],
  ["cat sum.mjs && curl https://example.com", /^\[refused: /],
];

Deno.test("coding.yaml: looking by commands is free where the kernel holds them, and other commands do not run", async () => {
  const reply = ({ results }: Asked): Reply =>
    results.length > 0 ? "Done." : { calls: COMMANDS.map(([command]) => call("execute_command", { command })) };
  await withModel(reply, ({ env, asked }) =>
    inSandbox(async (sandbox) => {
      await project(sandbox);
      const server = await sandbox.serve(["coding.yaml"], { env });
      const first = await sandbox.run(["call", "Look around", "--server", server.url]);
      const [, task] = TASK.exec(first.err) ?? [];
      // Without the kernel's sandbox each is asked for; a yes does not make the list longer.
      if (task !== undefined) await sandbox.run(["call", "approve all", "--task", task, "--server", server.url]);
      const { results = [] } = asked.findLast(({ results }) => results.length > 0) ?? {};
      COMMANDS.forEach(([command, outcome], at) => assert.match(results[at] ?? "", outcome, command));
    }));
});
