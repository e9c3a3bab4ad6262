import assert from "node:assert/strict";
import { approvalRequestsOf } from "../../src/a2a/approval.ts";
import { textOf, toolOutcomesOf } from "../../src/a2a/parts.ts";
import type { Task } from "../../src/a2a/types.ts";
import { inTempDir } from "../tool/run_tool.ts";
import { serveModern, startEverything, startProgram } from "../tool/mcp/tool_servers.ts";
import { answerOf, callOf, candidateOf, openTestHouse, type TestHouse } from "./configurations.ts";

/* Agents with the tools of servers, from the configuration to the answer. */

const env = (name: string) => Deno.env.get(name);

interface Rule {
  readonly says: string;
  readonly calls: string;
  readonly input?: object;
}

/** Agents whose model calls tools as told, and then says what came of it. */
function configured(
  servers: Record<string, object>,
  rules: readonly Rule[],
  agents: Record<string, readonly string[]> = { a: Object.keys(servers) },
): string {
  return JSON.stringify({
    agents: Object.fromEntries(Object.entries(agents).map(([id, tools]) => [id, { llm: "m", tools }])),
    tools: Object.fromEntries(Object.entries(servers).map(([name, options]) => [name, { type: "mcp", ...options }])),
    llms: {
      m: {
        provider: "scripted",
        rules: [
          { match: { tool_result: true }, reply: { text: "It came to this: {{tool_result}}" } },
          ...rules.map(({ says, calls, input = {} }) => ({
            match: { text: says },
            reply: { calls: [{ name: calls, arguments: input }] },
          })),
        ],
        default: { text: "?" },
      },
    },
  });
}

async function open(text: string, over = {}): Promise<TestHouse & AsyncDisposable> {
  const house = await openTestHouse(candidateOf(text), { env, ...over });
  return { ...house, [Symbol.asyncDispose]: house.close };
}

/** What the tools came to, in the order of the calls. */
async function outcomes({ house }: TestHouse, agent: string, { id }: Task): Promise<string[]> {
  const task = await house.services.get(agent)?.getTask({ id }, callOf());
  return (task?.history ?? []).flatMap((message) => toolOutcomesOf(message).map(({ output }) => output));
}

Deno.test("an agent calls the tools of a server, and its files are artifacts of the task", async () => {
  await using server = await startEverything("stdio");
  const rules = [{ says: "image", calls: "get-tiny-image" }, { says: "sum", calls: "get-sum", input: { a: 2, b: 3 } }];
  await using house = await open(configured({ everything: server.options }, rules));
  const task = await house.say("a", "an image");
  assert.equal(task.status.state, "TASK_STATE_COMPLETED");
  const [file] = (task.artifacts ?? []).flatMap(({ parts }) => parts).filter(({ raw }) => raw !== undefined);
  assert.equal(file?.mediaType, "image/png");
  assert.match(answerOf(await house.say("a", "a sum")), /The sum of 2 and 3 is 5/);
});

Deno.test("a server's form waits for the caller, and the same call goes on with the answer", async () => {
  await using server = await startEverything("streamable-http");
  await using house = await open(
    configured({ everything: server.options }, [{ says: "ask", calls: "trigger-elicitation-request" }]),
  );
  const waiting = await house.say("a", "ask me");
  assert.equal(waiting.status.state, "TASK_STATE_INPUT_REQUIRED");
  assert.match(textOf(waiting.status.message ?? { parts: [] }), /The tool server "everything" asks: /);
  const { id: taskId } = waiting;
  const again = await house.say("a", "hm", { taskId });
  assert.equal(again.status.state, "TASK_STATE_INPUT_REQUIRED");
  const done = await house.say("a", "name: Ada", { taskId });
  assert.equal(done.status.state, "TASK_STATE_COMPLETED");
  assert.match(answerOf(done), /Name: Ada/);
});

Deno.test("a page to be visited makes the task wait for authorization", async () => {
  await using server = await startEverything("streamable-http");
  const input = { url: "https://consent.example/x" };
  await using house = await open(
    configured({ everything: server.options }, [{ says: "visit", calls: "trigger-url-elicitation", input }]),
  );
  const waiting = await house.say("a", "visit");
  assert.equal(waiting.status.state, "TASK_STATE_AUTH_REQUIRED");
  const done = await house.say("a", "done", { taskId: waiting.id });
  assert.equal(done.status.state, "TASK_STATE_COMPLETED");
});

Deno.test("a tool that its server calls destructive does not run without a yes", async () => {
  await inTempDir(async (folder) => {
    const program = await startProgram(
      folder,
      `tools = [{ name: "erase", inputSchema: { type: "object" }, annotations: { destructiveHint: true } }];`,
    );
    await using house = await open(configured({ disk: program }, [{ says: "erase", calls: "erase" }]));
    const waiting = await house.say("a", "erase it all");
    assert.equal(waiting.status.state, "TASK_STATE_INPUT_REQUIRED");
    assert.deepEqual(approvalRequestsOf(waiting.status.message ?? { parts: [] }).map(({ tool }) => tool), ["erase"]);
    const denied = await house.say("a", "no", { taskId: waiting.id });
    assert.match((await outcomes(house, "a", denied)).join(), /was not approved/);
    const { id: taskId } = await house.say("a", "erase it all");
    assert.deepEqual(await outcomes(house, "a", await house.say("a", "yes", { taskId })), ["acted"]);
  });
});

Deno.test("two servers with one name for a tool get names of their own", async () => {
  await inTempDir(async (folder) => {
    await using server = serveModern((server) => {
      server.registerTool("act", {}, () => ({ content: [{ type: "text", text: "acted elsewhere" }] }));
    });
    const servers = { here: await startProgram(folder, ""), there: server.options };
    const rules = [{ says: "one", calls: "here__act" }, { says: "other", calls: "there__act" }];
    await using house = await open(configured(servers, rules));
    assert.match(answerOf(await house.say("a", "one")), /acted$/);
    assert.match(answerOf(await house.say("a", "other")), /acted elsewhere/);
  });
});

/** Says how often it was started. */
const COUNTING = (folder: string) => `
  const { appendFileSync } = await import("node:fs");
  if (method === "initialize") appendFileSync("${folder}/started", "x");
`;

Deno.test("agents and revisions share a server: it is started once, when it is first needed", async () => {
  await inTempDir(async (folder) => {
    const counter = await startProgram(folder, COUNTING(folder));
    const started = async () => (await Deno.readTextFile(`${folder}/started`).catch(() => "")).length;
    const text = (rules: readonly Rule[]) => configured({ s: counter }, rules, { a: ["s"], b: ["s"] });
    await using house = await open(text([{ says: "act", calls: "act" }]));
    assert.equal(await started(), 0);
    await Promise.all([house.say("a", "act"), house.say("b", "act")]);
    assert.equal(await started(), 1);
    const { kind } = await house.house.reload(candidateOf(text([{ says: "act now", calls: "act" }])));
    assert.equal(kind, "applied");
    await house.say("a", "act now");
    assert.equal(await started(), 1);
  });
});

Deno.test("reload() refuses a configuration whose new server is not there, and says why", async () => {
  await inTempDir(async (folder) => {
    const program = await startProgram(folder, "");
    const rules = [{ says: "act", calls: "act" }];
    await using house = await open(configured({ s: program }, rules));
    const broken = { command: "node", args: ["-e", "console.error('no such module'); process.exit(1)"] };
    const outcome = await house.house.reload(candidateOf(configured({ s: broken }, rules)));
    assert.equal(outcome.kind, "refused");
    assert.match(outcome.kind === "refused" ? outcome.reason : "", /Cannot use tools\.s: .*no such module/s);
    assert.match(answerOf(await house.say("a", "act")), /acted/);
  });
});

Deno.test("a start does not wait for a server, and a turn without its tools is told of", async () => {
  const gone = { command: "/no/such/program" };
  await using house = await open(configured({ s: gone }, [{ says: "act", calls: "act" }]));
  const task = await house.say("a", "act");
  assert.equal(task.status.state, "TASK_STATE_COMPLETED");
  assert.match((await outcomes(house, "a", task)).join(), /there are no tools/);
  const told = house.logged.filter(({ message }) => message.startsWith("tool server is away"));
  assert.equal(told.length >= 1 && told[0]?.fields.name, "s");
});
