import assert from "node:assert/strict";
import { directoryOf } from "../../src/app/create_directory.ts";
import { isAnswer, SIDE_ARTIFACT, textOf, toolCallsOf } from "../../src/a2a/parts.ts";
import { cardDigest } from "../../src/a2a/card/card_digest.ts";
import type { Message, Task } from "../../src/a2a/types.ts";
import { MemoryRecords, MemoryStore } from "../../src/store/memory_store.ts";
import { callOf, candidateOf, configOf, openTestHouse, type TestHouse } from "./configurations.ts";
import { openServedHouse, type ServedHouse } from "./served_house.ts";

/* Agents of another server as agents of this one. */

const THERE = `
agents:
  specialist: {llm: specialist, tools: [todo_write]}
  other: {llm: other}
llms:
  other: {provider: scripted, default: {text: "other"}}
  specialist:
    provider: scripted
    rules:
      - match: {step: 2, text: wonder}
        reply: {text: "one two three which one?", chunk_chars: 1, delay_ms: 20, stop: input_required}
      - {match: {text: wonder}, reply: {text: "Hm. ", calls: [{name: todo_write, arguments: {todos: [{id: "1", content: x}]}}]}}
      - {match: {tool_result: true}, reply: {text: "planned"}}
      - {match: {text: plan}, reply: {calls: [{name: todo_write, arguments: {todos: [{id: "1", content: x}]}}]}}
      - {match: {text: which}, reply: {text: "Which one?", stop: input_required}}
      - {match: {text: slow}, reply: {text: "one two three four five", chunk_chars: 1, delay_ms: 20}}
      - {match: {text: fail}, reply: {error: {kind: invalid_request, message: "no way"}}}
      - {match: {text: no}, reply: {text: "I will not", stop: refusal}}
      - {match: {text: word}, reply: {text: "A word.", stop: message}}
      - {match: {text: draw}, reply: {text: "See:", parts: [{data: {x: 1}}]}}
    default: {text: "{{turn}}: {{message}}"}
`;

function here(more: string, agent = "specialist"): string {
  return `agents:\n  ${agent}: {type: a2a, ${more}}\n`;
}

function answersOf({ artifacts = [] }: Task): string[] {
  return artifacts.filter(isAnswer).map(textOf);
}

function saysOf({ status: { message } }: Task): string {
  return message === undefined ? "" : textOf(message);
}

async function tasksOf({ house }: TestHouse, agent: string): Promise<readonly Task[]> {
  return (await house.services.get(agent)?.listTasks({ historyLength: 50 }, callOf()))?.tasks ?? [];
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!await holds()) await new Promise((resolve) => setImmediate(resolve));
}

async function withBoth(
  act: (house: TestHouse, there: ServedHouse) => Promise<void>,
  config = (there: ServedHouse) => here(`url: "${there.server.publicUrl}"`),
): Promise<void> {
  const there = await openServedHouse(THERE);
  try {
    const house = await openTestHouse(candidateOf(config(there)));
    try {
      await act(house, there);
    } finally {
      await house.close();
    }
  } finally {
    await there.close();
  }
}

Deno.test("type a2a answers as the agent over there does, in one conversation for each here", async () => {
  await withBoth(async (house) => {
    const first = await house.say("specialist", "one");
    assert.deepEqual([first.status.state, answersOf(first)], ["TASK_STATE_COMPLETED", ["1: one"]]);
    const second = await house.say("specialist", "two", { contextId: first.contextId ?? "" });
    assert.deepEqual(answersOf(second), ["2: two"]);
    assert.deepEqual(answersOf(await house.say("specialist", "three")), ["1: three"]);
  });
});

Deno.test("type a2a finds the agent of its own id on a hector server, target_agent_id, or else the default agent", async () => {
  const found = async (config: (url: string) => string, agent: string) => {
    let answer: readonly string[] = [];
    await withBoth(async (house) => {
      answer = answersOf(await house.say(agent, "x"));
    }, ({ server }) => config(server.publicUrl));
    return answer;
  };
  assert.deepEqual(await found((url) => here(`url: "${url}/v1"`, "other"), "other"), ["other"]);
  assert.deepEqual(await found((url) => here(`url: "${url}/v1"`, "mine"), "mine"), ["1: x"]);
  assert.deepEqual(await found((url) => here(`url: "${url}", target_agent_id: other`, "mine"), "mine"), ["other"]);
  assert.deepEqual(await found((url) => here(`url: "${url}/v1/agents/other"`, "mine"), "mine"), ["other"]);
  const card = "/agents/other/.well-known/agent-card.json";
  assert.deepEqual(await found((url) => here(`agent_card_url: "${url}${card}"`, "mine"), "mine"), ["other"]);
});

Deno.test("type a2a shows what the agent over there does while it does it", async () => {
  await withBoth(async (house) => {
    const { history = [], artifacts = [] } = await house.say("specialist", "plan");
    assert.deepEqual(history.flatMap(toolCallsOf).map(({ name }) => name), ["todo_write"]);
    assert.ok(artifacts.every(({ metadata }) => metadata?.[SIDE_ARTIFACT] === undefined));
    const { artifacts: drawn = [] } = await house.say("specialist", "draw");
    assert.deepEqual(drawn.flatMap(({ parts }) => parts.flatMap(({ data }) => data ?? [])), [{ x: 1 }]);
  });
});

/** How a turn over there ends, and how it does here. */
const ENDS = [
  ["fail", "TASK_STATE_FAILED", /no way/],
  ["no", "TASK_STATE_REJECTED", /I will not/],
] as const;

for (const [text, state, said] of ENDS) {
  Deno.test(`type a2a ends as ${state} where the agent over there does`, async () => {
    await withBoth(async (house) => {
      const task = await house.say("specialist", text);
      assert.equal(task.status.state, state);
      assert.match(saysOf(task), said);
    });
  });
}

Deno.test("type a2a makes an answer of a message that comes in place of a task", async () => {
  await withBoth(async (house) => {
    const task = await house.say("specialist", "word");
    assert.equal(task.status.state, "TASK_STATE_COMPLETED");
    assert.equal(answersOf(task).join("") + saysOf(task), "A word.");
  });
});

Deno.test("type a2a waits while the agent over there does, and brings it the answer", async () => {
  await withBoth(async (house, there) => {
    const asked = await house.say("specialist", "which");
    assert.deepEqual([asked.status.state, saysOf(asked)], ["TASK_STATE_INPUT_REQUIRED", "Which one?"]);
    const ids = { taskId: asked.id, contextId: asked.contextId ?? "" };
    const again = await house.say("specialist", "which again", ids);
    assert.equal(again.status.state, "TASK_STATE_INPUT_REQUIRED");
    const task = await house.say("specialist", "red", ids);
    assert.deepEqual([task.status.state, answersOf(task)], ["TASK_STATE_COMPLETED", ["3: red"]]);
    assert.equal((await tasksOf(there, "specialist")).length, 1);
  });
});

/** Sends without waiting; gives the task's id. */
async function begin({ house }: TestHouse, text: string): Promise<string> {
  const message: Message = { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }] };
  const request = { message, configuration: { returnImmediately: true } };
  const sent = await house.services.get("specialist")?.sendMessage(request, callOf());
  assert.ok(sent !== undefined && "task" in sent);
  return sent.task.id;
}

Deno.test("cancelTask() of a type a2a agent's task cancels the task over there, at work or waiting", async () => {
  await withBoth(async (house, there) => {
    const id = await begin(house, "slow");
    await until(async () => (await tasksOf(there, "specialist"))[0]?.status.state === "TASK_STATE_WORKING");
    await house.house.services.get("specialist")?.cancelTask({ id }, callOf());
    await until(async () => (await tasksOf(there, "specialist"))[0]?.status.state === "TASK_STATE_CANCELED");
    const waiting = await house.say("specialist", "which");
    await house.house.services.get("specialist")?.cancelTask({ id: waiting.id }, callOf());
    await until(async () =>
      (await tasksOf(there, "specialist")).every(({ status: { state } }) => state === "TASK_STATE_CANCELED")
    );
  });
});

/** What is said, and what the task has come to after a restart in the middle of it. */
const RESTARTED = [
  ["slow", "TASK_STATE_COMPLETED", "one two three four five"],
  ["wonder", "TASK_STATE_INPUT_REQUIRED", "Hm. one two three which one?"],
] as const;

for (const [text, state, said] of RESTARTED) {
  Deno.test(`type a2a goes on after a restart here with the task that it began there, to ${state}`, async () => {
    const there = await openServedHouse(THERE);
    const records = new MemoryRecords();
    const over = (holder: string) => ({ store: new MemoryStore({ holder, now: () => Date.now() }, records), holder });
    const config = candidateOf(here(`url: "${there.server.publicUrl}"`));
    const first = await openTestHouse(config, over("first"));
    const id = await begin(first, text);
    await until(async () =>
      (await first.house.services.get("specialist")?.getTask({ id }, callOf()))?.artifacts !== undefined
    );
    await first.house.drain(AbortSignal.abort());
    const second = await openTestHouse(config, over("second"));
    await second.house.recover();
    const task = await second.house.services.get("specialist")?.getTask({ id }, callOf());
    assert.equal(task?.status.state, state);
    assert.equal(task && [...answersOf(task), saysOf(task)].join(""), said);
    assert.equal((await tasksOf(there, "specialist")).length, 1);
    await second.close();
    await there.close();
  });
}

/** Every interface of the card over there, alone on a card in a file. */
for (const version of ["1.0", "0.3"]) {
  for (const binding of ["JSONRPC", "HTTP+JSON", "GRPC"]) {
    Deno.test(`type a2a speaks ${binding} of A2A ${version}: streams, asks back and is answered`, async () => {
      const there = await openServedHouse(THERE);
      const folder = await Deno.makeTempDir();
      try {
        const card = directoryOf(there.house)().agents.get("specialist")?.card(there.server.publicUrl);
        const supportedInterfaces = card?.supportedInterfaces.filter(({ protocolBinding, protocolVersion }) =>
          protocolBinding === binding && protocolVersion.startsWith(version)
        );
        assert.equal(supportedInterfaces?.length, 1);
        await Deno.writeTextFile(`${folder}/card.json`, JSON.stringify({ ...card, supportedInterfaces }));
        const config = configOf(here(`agent_card_file: card.json`), folder);
        const house = await openTestHouse({ config });
        assert.deepEqual(answersOf(await house.say("specialist", "slow")), ["one two three four five"]);
        const asked = await house.say("specialist", "which");
        const ids = { taskId: asked.id, contextId: asked.contextId ?? "" };
        assert.deepEqual(answersOf(await house.say("specialist", "red", ids)), ["2: red"]);
        await house.close();
      } finally {
        await there.close();
        await Deno.remove(folder, { recursive: true });
      }
    });
  }
}

Deno.test("type a2a believes the pinned card alone", async () => {
  const there = await openServedHouse(THERE);
  const url = `${there.server.publicUrl}/agents/specialist/.well-known/agent-card.json`;
  const card: unknown = await (await fetch(url, { headers: { "a2a-version": "1.0" } })).json();
  const say = async (pin: string) => {
    const house = await openTestHouse(candidateOf(here(`agent_card_url: "${url}", card_sha256: "${pin}"`)));
    const task = await house.say("specialist", "x");
    await house.close();
    return task;
  };
  assert.deepEqual(answersOf(await say(cardDigest(card))), ["1: x"]);
  const refused = await say("0".repeat(64));
  assert.match(saysOf(refused), new RegExp(`Cannot trust the agent card: its SHA-256 is ${cardDigest(card)}`));
  await there.close();
});

Deno.test("type a2a says that there is no such agent, and whose file cannot be used", async () => {
  await withBoth(async (house) => {
    const task = await house.say("gone", "x");
    assert.equal(task.status.state, "TASK_STATE_FAILED");
    assert.match(saysOf(task), /Cannot ask "gone": Cannot find an agent at/);
  }, ({ server }) => here(`url: "${server.publicUrl}", target_agent_id: nobody`, "gone"));
  await assert.rejects(
    openTestHouse(candidateOf(here("agent_card_file: none.json"))),
    /agents\.specialist\.agent_card_file/,
  );
});

Deno.test("a circle through another server is refused where it comes round", async () => {
  const round = (url: string) => `
server: {port: 0, grpc_port: false}
agents:
  a: {llm: pass, agent_tools: [b]}
  b: {type: a2a, url: "${url}", target_agent_id: c}
llms:
  pass:
    provider: scripted
    rules: [{match: {tool_result: true}, reply: {text: "{{tool_result}}"}}]
    default: {calls: [{name: b, arguments: {request: go}}]}
`;
  const back = (url: string) => `
server: {port: 0, grpc_port: false}
agents:
  c: {llm: pass, agent_tools: [d]}
  d: {type: a2a, url: "${url}", target_agent_id: a}
llms:
  pass:
    provider: scripted
    rules: [{match: {tool_result: true}, reply: {text: "{{tool_result}}"}}]
    default: {calls: [{name: d, arguments: {request: go}}]}
`;
  const first = await openServedHouse(round("http://localhost:1"));
  const other = await openServedHouse(back(first.server.publicUrl));
  const outcome = await first.house.reload(candidateOf(round(other.server.publicUrl)));
  assert.equal(outcome.kind, "applied");
  const task = await first.say("a", "go");
  assert.match(
    answersOf(task).join(""),
    /Cannot give "a" a task: it waits for the answer itself \(a → b → c → d → a\)/,
  );
  await other.close();
  await first.close();
});
