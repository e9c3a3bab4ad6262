import assert from "node:assert/strict";
import { SCRIPTED_AGENTS } from "../cli/scripted_agents.ts";
import { HECTOR_ARGS, ROOT, spawnProgram } from "./hector_process.ts";
import { inSandbox, type Sandbox } from "./sandbox.ts";

const hasPython = await new Deno.Command("python3", { args: ["-c", "import pty"], stdout: "null", stderr: "null" })
  .output().then(({ success }) => success, () => false);

/** Only python3 opens a terminal without installing anything; a machine without it skips these. */
const onTerminal = { ignore: !hasPython };

type Step = readonly [keys: string, shows: string];

async function onPty(sandbox: Sandbox, args: readonly string[], steps: readonly Step[]) {
  const { out, err } = await spawnProgram({
    program: "python3",
    args: [`${ROOT}tests/e2e/pty_session.py`],
    cwd: sandbox.folder,
    env: { ...sandbox.env, NO_COLOR: "", TERM: "xterm" },
    stdin: JSON.stringify({ argv: [Deno.execPath(), ...HECTOR_ARGS, ...args], steps }),
  }).ended;
  const ended: { screen: string; code: number } = JSON.parse(out === "" ? "{}" : out);
  assert.ok(ended.screen !== undefined, err);
  return ended;
}

const UP = "\u001b[A";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const PROMPT = "› ";

Deno.test("chat on a terminal edits lines, remembers them, and cancels an answer at Ctrl-C", onTerminal, async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", SCRIPTED_AGENTS);
    const args = ["chat", "--config", "agents.yaml"];
    const first = await onPty(sandbox, args, [
      ["", PROMPT],
      ["helo\u007flo\r", "Turn 1: hello"],
      ["", PROMPT],
      [`${UP}\r`, "Turn 2: hello"],
      ["", PROMPT],
      ["for ever\r", "I begin"],
      [CTRL_C, "cancelling"],
      ["", PROMPT],
      [`never sent${CTRL_C}sent\r`, "Turn 4: sent"],
      ["", PROMPT],
      [CTRL_D, "go on later"],
    ]);
    assert.equal(first.code, 0, first.screen);
    const again = await onPty(sandbox, args, [["", PROMPT], [`${UP}\r`, "Turn 1: sent"], ["", PROMPT], [
      CTRL_C,
      "go on",
    ]]);
    assert.equal(again.code, 0, again.screen);
  });
});

Deno.test("call on a terminal tells dimly what tools do, and leaves at the second Ctrl-C", onTerminal, async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", SCRIPTED_AGENTS);
    const noted = await onPty(sandbox, ["call", "note this", "--config", "agents.yaml"], []);
    assert.ok(noted.screen.includes("\u001b[2m→ todo_write "), noted.screen);
    assert.equal(noted.code, 0);
    const left = await onPty(sandbox, ["call", "for ever", "--config", "agents.yaml"], [
      ["", "I begin"],
      [CTRL_C + CTRL_C, ""],
    ]);
    assert.equal(left.code, 130, left.screen);
  });
});

/** [environment, whether stderr has colors though it is no terminal] */
const COLORS: readonly [env: Record<string, string>, colored: boolean][] = [
  [{ NO_COLOR: "" }, false],
  [{ NO_COLOR: "", CLICOLOR_FORCE: "1" }, true],
  [{ NO_COLOR: "1", CLICOLOR_FORCE: "1" }, false],
];

Deno.test("no stream gets escape codes that is no terminal, unless they are asked for", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", SCRIPTED_AGENTS);
    await Promise.all(COLORS.map(async ([env, colored]) => {
      const { out, err } = await sandbox.run(["call", "note this", "--config", "agents.yaml"], { env });
      assert.ok(!out.includes("\u001b"), JSON.stringify(out));
      assert.equal(err.includes("\u001b"), colored, JSON.stringify([env, err]));
    }));
  });
});

Deno.test("a reader that leaves early ends call quietly", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", SCRIPTED_AGENTS);
    const script = `hector call - --config agents.yaml < long.txt | head -c 5; echo " \${PIPESTATUS[*]}"`;
    await sandbox.write("long.txt", "words ".repeat(100_000));
    const { out, err } = await sandbox.paste(script);
    assert.equal(out, "Turn  0 0\n");
    assert.equal(err, "");
  });
});

Deno.test("SIGINT during an answer cancels its task on the server", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", SCRIPTED_AGENTS);
    const server = await sandbox.serve(["agents.yaml"]);
    const call = sandbox.spawn(["call", "for ever", "--server", server.url]);
    await call.until(/I begin/);
    call.signal("SIGINT");
    assert.equal((await call.ended).code, 130);
    const response = await fetch(`${server.url}/agents/first/tasks`, { headers: { "a2a-version": "1.0" } });
    const { tasks } = await response.json();
    assert.equal(tasks[0].status.state, "TASK_STATE_CANCELED");
  });
});

const GUARDED = `
llms:
  script:
    provider: scripted
    rules: [{ match: { tool_result: true }, reply: { text: 'So: {{tool_result}}' } }]
    default: { calls: [{ name: todo_write, arguments: { todos: [{ id: '1', content: milk, status: pending }] } }] }
tools: { todo_write: { require_approval: true } }
agents: { first: { llm: script, tools: [todo_write] } }
`;

Deno.test("call and chat on a terminal ask for a yes before a guarded call, and go on", onTerminal, async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", GUARDED);
    const called = await onPty(sandbox, ["call", "note", "--config", "agents.yaml"], [
      ["", PROMPT],
      ["perhaps\r", PROMPT],
      ["y\r", "So: "],
    ]);
    assert.equal(called.screen.match(/milk.*run it\? y, n, or n and the reason/g)?.length, 2);
    // What the agent asks in words of its own is asked once.
    assert.ok(!/May "todo_write"|Answer "approve"/.test(called.screen), called.screen);
    assert.equal(called.code, 0, called.screen);
    const chatted = await onPty(sandbox, ["chat", "--config", "agents.yaml"], [
      ["", PROMPT],
      ["note\r", PROMPT],
      ["n not now\r", PROMPT],
      [CTRL_D, "go on later"],
    ]);
    assert.equal(chatted.code, 0, chatted.screen);
    assert.match(chatted.screen, /So: .*was not approved, because: not now/);
  });
});
