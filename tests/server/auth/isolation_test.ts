import assert from "node:assert/strict";
import { z } from "zod";
import { SECRET, token } from "../../guard/tokens.ts";
import { type GuardedServer, guardedServer } from "./guarded_server.ts";
import { type Headers, OPERATIONS, type Outcome, type Params, type Wire, wiresTo } from "./wires.ts";

/*
 * Whatever is asked, over whichever binding: what is another's is not there, in the words for what is nobody's
 * (A2A v1 §13.1).
 */

const AUTH = "{required: false, secret: '${SECRET}', api_keys: [" +
  "{key: '${ALICE}', subject: alice, tenant: acme}, {key: '${BOB}', subject: bob, tenant: acme}, " +
  "{key: '${CAROL}', subject: alice, tenant: other}]}";
const ENV = { SECRET, ALICE: "key-of-alice", BOB: "key-of-bob", CAROL: "key-of-carol" };

const ALICE: Headers = { "x-api-key": ENV.ALICE };
const END = Math.floor(Date.now() / 1000) + 600;

/** Who asks for what is Alice's. */
const OTHERS: ReadonlyMap<string, Headers> = new Map<string, Headers>([
  ["a colleague", { "x-api-key": ENV.BOB }],
  ["a namesake of another tenant", { "x-api-key": ENV.CAROL }],
  [
    "a namesake with a token",
    { authorization: `Bearer ${await token(SECRET, { sub: "alice", tenant_id: "acme", exp: END })}` },
  ],
  [
    "a token that claims to be a key",
    { authorization: `Bearer ${await token(SECRET, { sub: "api_key:alice", tenant_id: "acme", exp: END })}` },
  ],
  ["nobody", {}],
]);

const Answer = z.object({ task: z.object({ id: z.string(), contextId: z.string() }) });
const Hook = z.object({ id: z.string() });
const Listed = z.object({ tasks: z.array(z.unknown()).default([]) });

const say = (text: string, more: Params = {}) => ({
  message: { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }], ...more },
});

function resultOf(outcome: Outcome): unknown {
  assert.ok("result" in outcome, JSON.stringify(outcome));
  return outcome.result;
}

/** A task of Alice's that waits for her, with a webhook. */
async function belongings(wire: Wire) {
  const messageId = crypto.randomUUID();
  const { task } = Answer.parse(resultOf(await wire.ask("SendMessage", say("ask secret-words", { messageId }), ALICE)));
  const hook = { taskId: task.id, id: "hook", url: "http://127.0.0.1:1/", token: "secret-token" };
  Hook.parse(resultOf(await wire.ask("CreateTaskPushNotificationConfig", hook, ALICE)));
  return { task, messageId };
}

/** What each operation is asked with, so that it is about a task, its context and its webhook. */
function paramsFor(operation: string, taskId: string): Params {
  switch (operation) {
    case "SendMessage":
    case "SendStreamingMessage":
      return say("go on", { taskId });
    case "CreateTaskPushNotificationConfig":
      return { taskId, id: "hook", url: "http://127.0.0.1:1/mine" };
    case "GetTaskPushNotificationConfig":
    case "DeleteTaskPushNotificationConfig":
      return { taskId, id: "hook" };
    case "ListTaskPushNotificationConfigs":
      return { taskId };
    default:
      return { id: taskId };
  }
}

const NOBODYS = "00000000-0000-7000-8000-000000000000";
const masked = (outcome: Outcome, id: string) => JSON.parse(JSON.stringify(outcome).replaceAll(id, "ID"));

async function eachOther(act: (wire: Wire, who: string, headers: Headers, server: GuardedServer) => Promise<void>) {
  await using server = await guardedServer(AUTH, ENV);
  for (const wire of wiresTo(server)) {
    for (const [who, headers] of OTHERS) await act(wire, who, headers, server);
  }
}

Deno.test("a task, its stream and its webhooks are there for whoever began it alone, over every binding", async () => {
  await eachOther(async (wire, who, headers) => {
    const { task: { id } } = await belongings(wire);
    const before = await wire.ask("GetTask", { id }, ALICE);
    for (const operation of OPERATIONS.filter((operation) => operation !== "ListTasks")) {
      const foreign = await wire.ask(operation, paramsFor(operation, id), headers);
      const unknown = await wire.ask(operation, paramsFor(operation, NOBODYS), headers);
      const where = `${operation} of ${who} over ${wire.name}`;
      assert.ok("reason" in foreign && foreign.reason === "TASK_NOT_FOUND", `${where}: ${JSON.stringify(foreign)}`);
      assert.deepEqual(masked(foreign, id), masked(unknown, NOBODYS), where);
    }
    assert.deepEqual(await wire.ask("GetTask", { id }, ALICE), before);
    const hook = await wire.ask("GetTaskPushNotificationConfig", { taskId: id, id: "hook" }, ALICE);
    assert.match(JSON.stringify(resultOf(hook)), /"http:\/\/127\.0\.0\.1:1\/"/);
  });
});

Deno.test("lists hold what is one's own alone, over every binding", async () => {
  await eachOther(async (wire, who, headers) => {
    const { task: { contextId } } = await belongings(wire);
    for (const params of [{}, { contextId }]) {
      const { tasks } = Listed.parse(resultOf(await wire.ask("ListTasks", params, headers)));
      assert.deepEqual(tasks, [], `${who} over ${wire.name}`);
      const own = Listed.parse(resultOf(await wire.ask("ListTasks", params, ALICE)));
      assert.ok(own.tasks.length > 0);
    }
  });
});

Deno.test("a context and a message id of another's begin something of one's own, over every binding", async () => {
  await eachOther(async (wire, who, headers) => {
    const { task, messageId } = await belongings(wire);
    const same = say("ask secret-words", { contextId: task.contextId, messageId });
    const answer = await wire.ask("SendMessage", same, headers);
    const { task: own } = Answer.parse(resultOf(answer));
    assert.notEqual(own.id, task.id, `${who} over ${wire.name}`);
    const { tasks } = Listed.parse(resultOf(await wire.ask("ListTasks", { contextId: task.contextId }, ALICE)));
    assert.equal(tasks.length, 1);
    // The next of them must not find it either.
    await wire.ask("CancelTask", { id: own.id }, headers);
  });
});

Deno.test("sessions are there for whoever began them alone", async () => {
  await using server = await guardedServer(AUTH, ENV);
  const ask = async (method: string, path: string, headers: Headers, body?: unknown) => {
    const init = {
      method,
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    };
    const response = await fetch(`${server.url}${path}`, init);
    return { status: response.status, text: await response.text() };
  };
  const begun = await ask("POST", "/v1/agents/desk/sessions", ALICE, { metadata: { note: "secret-words" } });
  const { id } = Hook.parse(JSON.parse(begun.text));
  const message = { message: { role: "ROLE_USER", content: [{ text: "secret-words" }] } };
  assert.equal((await ask("POST", `/v1/agents/desk/sessions/${id}/messages`, ALICE, message)).status, 200);
  for (const [who, headers] of OTHERS) {
    for (const prefix of ["/v1/agents/desk/sessions", "/sessions"]) {
      const rows = [["GET", ""], ["DELETE", ""], ["POST", "/messages", message], ["POST", "/messages:stream", message]];
      for (const [method, end, body] of rows) {
        const foreign = await ask(String(method), `${prefix}/${id}${end}`, headers, body);
        const unknown = await ask(String(method), `${prefix}/${NOBODYS}${end}`, headers, body);
        assert.equal(foreign.status, 404, `${method} ${end} of ${who}: ${foreign.text}`);
        assert.equal(foreign.text.replaceAll(id, "ID"), unknown.text.replaceAll(NOBODYS, "ID"));
      }
      assert.match((await ask("GET", prefix, headers)).text, /"total":0/);
    }
  }
  assert.match((await ask("GET", `/sessions/${id}`, ALICE)).text, /secret-words/);
});

Deno.test("an internal agent is there for whoever has shown a credential, a private one for nobody", async () => {
  await using server = await guardedServer(AUTH, ENV);
  const missing = await Promise.all(wiresTo(server, "missing").map((wire) => wire.ask("ListTasks", {}, ALICE)));
  for (const [at, wire] of wiresTo(server, "inner").entries()) {
    resultOf(await wire.ask("ListTasks", {}, ALICE));
    assert.deepEqual(
      masked(await wire.ask("ListTasks", {}, {}), "inner"),
      masked(missing[at] ?? { result: 0 }, "missing"),
    );
  }
  for (const [at, wire] of wiresTo(server, "vault").entries()) {
    for (const headers of [ALICE, {}]) {
      const outcome = await wire.ask("ListTasks", {}, headers);
      assert.deepEqual(masked(outcome, "vault"), masked(missing[at] ?? { result: 0 }, "missing"), wire.name);
    }
  }
});
