import assert from "node:assert/strict";
import { SCRIPTED_AGENTS } from "./scripted_agents.ts";
import { withServer } from "./served.ts";
import { typed } from "./typed.ts";

const WRONG: readonly (readonly [argv: readonly string[], err: RegExp])[] = [
  [["task"], /Nothing to do: write hector task get\|watch\|cancel\|list/],
  [["task", "gte", "x"], /Unknown action "gte"; did you mean "get"\?/],
  [["task", "get"], /hector task get takes one id: found 0/],
  [["task", "cancel", "a", "b"], /takes one id: found 2/],
  [["task", "list", "x"], /hector task list takes no id: found 1/],
  [["task", "get", "x", "--status", "working"], /Flags of hector task list: --status/],
  [["task", "list", "--limit", "0", "--server", "http://127.0.0.1:1"], /"--limit" takes a whole number from 1/],
  [["task", "list", "--status", "busy", "--server", "http://127.0.0.1:1"], /takes submitted, working.*found "busy"/],
  [["task", "get", "x", "--token", "t", "--demo"], /Flags that need --server: --token/],
  [["list", "--server", "http://127.0.0.1:1", "--user", "ann"], /"--user" needs --token or HECTOR_TOKEN/],
  [["list", "--server", "http://127.0.0.1:1", "--api-key-header", "x"], /"--api-key-header" needs --token/],
  [["list", "--server", "http://127.0.0.1:1", "--token", "t", "--user", "a", "--api-key-header", "x"], /give one/],
  [
    ["list", "--server", "https://127.0.0.1:1", "--ca-cert", "/none"],
    /"--ca-cert" takes a file of PEM: found "\/none"/,
  ],
  [["list", "--server", "https://127.0.0.1:1", "--ca-cert", "deno.json"], /found "deno\.json", which holds none/],
  [["list", "--server", "https://127.0.0.1:1", "--client-key", "/none"], /"--client-key" takes a file of PEM/],
  [["list", "--demo", "--ca-cert", "/none"], /Flags that need --server: --ca-cert/],
  [["list", "--server", "http://127.0.0.1:1", "--a2a-version", "2"], /takes 1\.0, 0\.3 or any: found "2"/],
];
for (const [argv, err] of WRONG) {
  Deno.test(`hector ${argv.join(" ")} is told what is wrong`, async () => {
    const ended = await typed(argv);
    assert.equal(ended.code, 2, JSON.stringify(ended));
    assert.match(ended.err, err);
  });
}

Deno.test("hector task gets, lists, watches and cancels what call began, and call --task answers", async () => {
  await withServer(SCRIPTED_AGENTS, async (url) => {
    const at = ["--server", url];
    const json = async (...argv: string[]) => {
      const { code, out, err } = await typed([...argv, ...at, "-o", "json"]);
      assert.equal(err, "", argv.join(" "));
      return { code, value: JSON.parse(out) };
    };
    const asked = await typed(["call", "which", ...at]);
    assert.match(asked.err, /it waits for you: hector call --task \S+ "…"/);
    const { value: waiting } = await json("task", "list", "--status", "input-required");
    assert.equal(waiting.totalSize, 1);
    const [{ id, contextId }] = waiting.tasks;
    assert.ok(asked.err.includes(id));
    const answered = await typed(["call", "the second", "--task", id, ...at], { env: { HECTOR_SESSION: "another" } });
    assert.deepEqual([answered.code, answered.out], [0, "Turn 2: the second\n"]);
    const { value: got } = await json("task", "get", id);
    assert.deepEqual([got.status.state, got.contextId], ["TASK_STATE_COMPLETED", contextId]);
    const shown = await typed(["task", "get", id, ...at]);
    assert.match(shown.out, /^task +\S+\nstate +completed\n[\s\S]*asked +the second\n\n[\s\S]*Turn 2: the second\n$/);
    const watched = await typed(["task", "watch", id, ...at]);
    assert.deepEqual([watched.code, watched.out.includes("Turn 2: the second")], [0, true]);

    const long = await typed(["call", "for ever", ...at], {
      onListening: (interrupt) => setTimeout(interrupt, 0),
    });
    assert.equal(long.code, 130);
    const lines = (await typed(["task", "list", "--limit", "1", ...at])).out.split("\n");
    assert.match(lines[0] ?? "", /^TASK +STATE +UPDATED +SESSION$/);
    assert.equal(lines.length, 3);
    const cancelled = await typed(["task", "cancel", id, ...at]);
    assert.deepEqual([cancelled.code, cancelled.err.includes("TASK_STATE_COMPLETED")], [1, true]);
    assert.equal((await typed(["task", "get", "no-such-task", ...at])).code, 1);
  });
});
