import assert from "node:assert/strict";
import { SCRIPTED_AGENTS } from "./scripted_agents.ts";
import { withServer } from "./served.ts";
import { inFolder, typed } from "./typed.ts";

/** [what is piped into a chat, stdout, exit code] */
const CHATS: readonly [input: string, out: string, code: number][] = [
  ["one\ntwo\n", "Turn 1: one\nTurn 2: two\n", 0],
  ["one\n/new\ntwo\n", "Turn 1: one\nTurn 1: two\n", 0],
  ["one\n/exit\ntwo\n", "Turn 1: one\n", 0],
  ["one\nquit\ntwo\n", "Turn 1: one\n", 0],
  ["\n  \none", "Turn 1: one\n", 0],
  ["/help\n/session\n/what\n", "", 0],
  ["which\nthe red one\nnext\n", "Which one do you mean?\nTurn 2: the red one\nTurn 3: next\n", 0],
  ["fail\n", "", 1],
  ["fail\nbetter\n", "Turn 2: better\n", 0],
];

Deno.test("chat keeps a conversation, on a file and on a server", async (test) => {
  await inFolder({ "agents.yaml": SCRIPTED_AGENTS }, async (cwd) => {
    await withServer(SCRIPTED_AGENTS, async (url) => {
      for (const [input, out, code] of CHATS) {
        for (const where of [["--config", "agents.yaml"], ["--server", url]]) {
          await test.step(`${JSON.stringify(input)} ${where.join(" ")}`, async () => {
            const ended = await typed(["chat", ...where], { cwd, input, env: { XDG_DATA_HOME: cwd } });
            assert.deepEqual([ended.out, ended.code], [out, code], ended.err);
          });
        }
      }
    });
  });
});

Deno.test("chat goes on with the conversation that it named when it ended", async () => {
  await inFolder({ "agents.yaml": SCRIPTED_AGENTS }, async (cwd) => {
    const env = { XDG_DATA_HOME: cwd };
    const first = await typed(["chat", "--config", "agents.yaml"], { cwd, env, input: "one\n" });
    const session = /go on later with --session (\S+)<\/dim>\n$/.exec(first.err)?.[1] ?? "";
    const argv = ["chat", "--config", "agents.yaml", "--session", session];
    assert.equal((await typed(argv, { cwd, env, input: "two\n" })).out, "Turn 2: two\n");
    const said = await typed(["call", "three", "--config", "agents.yaml"], {
      cwd,
      env: { ...env, HECTOR_SESSION: session },
    });
    assert.equal(said.out, "Turn 3: three\n");
  });
});

Deno.test("chat tells its commands, and what it does not know, on stderr", async () => {
  await inFolder({ "agents.yaml": SCRIPTED_AGENTS }, async (cwd) => {
    const argv = ["chat", "--config", "agents.yaml"];
    const { err } = await typed(argv, { cwd, env: { XDG_DATA_HOME: cwd }, input: "/session\n/what\n" });
    const session = /session (\S+) ·/.exec(err)?.[1];
    assert.ok(session !== undefined && err.includes(`\n${session}\n`), err);
    assert.match(err, /Unknown command "\/what"\n {2}\/new /);
  });
});

const GUARDED = `
llms:
  script:
    provider: scripted
    rules:
      - match: { tool_result: true }
        reply: { text: 'It said: {{tool_result}}' }
    default:
      text: 'I note it.'
      calls:
        - { name: todo_write, arguments: { todos: [{ id: '1', content: 'buy milk', status: pending }] } }
        - { name: todo_write, arguments: { todos: [{ id: '2', content: 'eat', status: pending }] } }
tools:
  todo_write: { require_approval: true, approval_prompt: 'May it note this?' }
agents:
  first: { llm: script, tools: [todo_write] }
`;

Deno.test("chat asks for a yes to each call that waits for one", async () => {
  await inFolder({ "agents.yaml": GUARDED }, async (cwd) => {
    const argv = ["chat", "--config", "agents.yaml", "--no-show-tools"];
    const { out, err, code } = await typed(argv, {
      cwd,
      env: { XDG_DATA_HOME: cwd },
      input: "note\ndon't approve\nn not that\ny\n",
    });
    assert.equal(code, 0);
    // The question of the agent is not told beside it.
    assert.match(out, /^I note it\.\s+It said: /);
    // Asked for the first call twice, since the first answer was none.
    assert.equal(
      err.match(/May it note this\?\ntodo_write .*buy milk.*run it\? y, n, or n and the reason/g)?.length,
      2,
    );
    assert.equal(err.match(/May it note this\?\ntodo_write .*eat.*run it\?/g)?.length, 1);
    assert.match(out, /It said: .*eat/s);
  });
});

Deno.test("call tells a script how to answer a call that waits for a yes", async () => {
  await withServer(GUARDED, async (url) => {
    const asked = await typed(["call", "note", "--server", url]);
    const task = /hector call --task (\S+)/.exec(asked.err)?.[1] ?? "";
    assert.match(asked.out, /"approve all"/);
    const done = await typed(["call", "deny all because of the test", "--server", url, "--task", task]);
    assert.match(done.out, /It said: .*was not approved, because: of the test/s);
  });
});
