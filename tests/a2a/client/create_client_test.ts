import assert from "node:assert/strict";
import { A2AError, ERRORS, isErrorReason } from "../../../src/a2a/errors.ts";
import type { A2AService } from "../../../src/a2a/service.ts";
import type { Message } from "../../../src/a2a/types.ts";
import { CARD, fakeService, PUSH_CONFIG, replay, taskIn, TURN } from "../fake_service.ts";
import { grpcLoopback } from "./grpc_loopback.ts";
import { callWith, cardOffering, isError, loopback, served, testClient } from "../loopback.ts";

const OFFERS = [
  ["JSONRPC", "1.0"],
  ["HTTP+JSON", "1.0"],
  ["JSONRPC", "0.3"],
  ["HTTP+JSON", "0.3"],
  ["GRPC", "1.0"],
  ["GRPC", "0.3"],
] as const;

/** A client of `service`, which offers one interface. */
async function clientFor(service: A2AService, offer: typeof OFFERS[number]) {
  const card = cardOffering([offer]);
  const grpc = await grpcLoopback(service, { card });
  const { client, slept, timers } = testClient({
    openBytes: grpc.openBytes,
    fetch: loopback(served(service, () => card)),
  });
  return {
    client,
    slept,
    timers,
    grpc,
    async [Symbol.asyncDispose]() {
      client.close();
      await grpc.close();
    },
  };
}
const MESSAGE: Message = {
  messageId: "m1",
  role: "ROLE_USER",
  parts: [{ text: "Hi" }, { data: [1, null, { a: "b" }] }, {
    raw: "aGk=",
    filename: "hi.txt",
    mediaType: "text/plain",
  }],
};
const answer = [{ artifactId: "answer", parts: [{ text: "Hello" }] }];
const done = taskIn("TASK_STATE_COMPLETED", { artifacts: answer });

interface Row {
  readonly name: keyof A2AService;
  readonly ask: (client: A2AService) => Promise<unknown>;
  readonly asked: unknown;
  readonly answer: unknown;
  /** 0.3 has no such operation. */
  readonly only1_0?: true;
  /** 0.3's proto cannot say it: no metadata of a cancel, no "/" in the name of a task. */
  readonly notOverGrpc0_3?: true;
}

const ROWS: readonly Row[] = [
  {
    name: "sendMessage",
    ask: (client) => client.sendMessage({ message: MESSAGE }, callWith()),
    asked: { message: MESSAGE },
    answer: { task: done },
  },
  {
    name: "getTask",
    ask: (client) => client.getTask({ id: "a/b:c", historyLength: 3 }, callWith()),
    asked: { id: "a/b:c", historyLength: 3 },
    answer: done,
    notOverGrpc0_3: true,
  },
  {
    name: "getTask",
    ask: (client) => client.getTask({ id: "t1" }, callWith()),
    asked: { id: "t1" },
    answer: done,
  },
  {
    name: "listTasks",
    ask: (client) => client.listTasks({ contextId: "x1", includeArtifacts: true, pageSize: 5 }, callWith()),
    asked: { contextId: "x1", includeArtifacts: true, pageSize: 5 },
    answer: { tasks: [done], nextPageToken: "", pageSize: 50, totalSize: 1 },
    only1_0: true,
  },
  {
    name: "cancelTask",
    ask: (client) => client.cancelTask({ id: "t1", metadata: { why: "late" } }, callWith()),
    asked: { id: "t1", metadata: { why: "late" } },
    answer: taskIn("TASK_STATE_CANCELED"),
    notOverGrpc0_3: true,
  },
  {
    name: "cancelTask",
    ask: (client) => client.cancelTask({ id: "t1" }, callWith()),
    asked: { id: "t1" },
    answer: taskIn("TASK_STATE_CANCELED"),
  },
  {
    name: "createTaskPushNotificationConfig",
    ask: (client) => client.createTaskPushNotificationConfig(PUSH_CONFIG, callWith()),
    asked: PUSH_CONFIG,
    answer: PUSH_CONFIG,
  },
  {
    name: "getTaskPushNotificationConfig",
    ask: (client) => client.getTaskPushNotificationConfig({ taskId: "t1", id: "c1" }, callWith()),
    asked: { taskId: "t1", id: "c1" },
    answer: PUSH_CONFIG,
  },
  {
    name: "listTaskPushNotificationConfigs",
    ask: (client) => client.listTaskPushNotificationConfigs({ taskId: "t1" }, callWith()),
    asked: { taskId: "t1" },
    answer: { configs: [PUSH_CONFIG] },
  },
  {
    name: "deleteTaskPushNotificationConfig",
    ask: (client) => client.deleteTaskPushNotificationConfig({ taskId: "t1", id: "c1" }, callWith()),
    asked: { taskId: "t1", id: "c1" },
    answer: undefined,
  },
];

for (const offer of OFFERS) {
  const name = offer.join(" ");
  for (const row of ROWS) {
    if (row.only1_0 && offer[1] === "0.3") continue;
    if (row.notOverGrpc0_3 && name === "GRPC 0.3") continue;
    Deno.test(`createClient() over ${name}: ${row.name}(${JSON.stringify(row.asked)}) reaches the agent and comes back`, async () => {
      const fake = fakeService();
      await using made = await clientFor(fake.service, offer);
      const { client } = made;
      assert.deepEqual(await row.ask(client), row.answer);
      const asked = { ...fake.asked[0]?.request as Record<string, unknown> };
      // 0.3 says of every send whether it blocks.
      if (offer[1] === "0.3") delete asked.configuration;
      assert.deepEqual(asked, row.asked);
    });
  }

  Deno.test(`createClient() over ${name} streams a turn under the agent's own numbers`, async () => {
    const fake = fakeService();
    await using made = await clientFor(fake.service, offer);
    const { client, slept } = made;
    const events = await Array.fromAsync(client.sendStreamingMessage({ message: MESSAGE }, callWith()));
    assert.deepEqual(events.map(({ seq }) => seq), TURN.map(({ seq }) => seq));
    // What is false by default is not written over gRPC.
    const plain = (turn: typeof TURN) =>
      JSON.parse(JSON.stringify(turn, (name, value) => name === "append" && value === false ? undefined : value));
    if (offer[1] === "1.0") assert.deepEqual(plain(events), plain(TURN));
    assert.deepEqual(slept, []);
  });

  Deno.test(`createClient() over ${name} subscribes behind a number`, async () => {
    const fake = fakeService();
    await using made = await clientFor(fake.service, offer);
    const { client } = made;
    const events = await Array.fromAsync(client.subscribeToTask({ id: "t1" }, callWith({ afterSeq: 4 })));
    assert.deepEqual(events.map(({ seq }) => seq), [5, 8]);
    assert.equal(fake.asked[0]?.call.afterSeq, 4);
  });

  for (const reason of Object.keys(ERRORS).filter(isErrorReason)) {
    Deno.test(`createClient() over ${name} gives ${reason} back as it was thrown`, async () => {
      const thrown = new A2AError(reason, "Because", {
        metadata: { a: "b" },
        violations: [{ field: "message.parts", description: "at least one part" }],
        retryAfterSeconds: 7,
      });
      const fake = fakeService({
        unary: () => Promise.reject(thrown),
        stream: () => {
          throw thrown;
        },
      });
      await using made = await clientFor(fake.service, offer);
      const { client } = made;
      const check = (caught: unknown) => {
        assert.ok(caught instanceof A2AError);
        const { message, metadata, violations, retryAfterSeconds } = caught;
        assert.deepEqual(
          { reason: caught.reason, message, metadata, violations, retryAfterSeconds },
          {
            reason,
            message: "Because",
            metadata: { a: "b" },
            violations: thrown.violations,
            retryAfterSeconds: 7,
          },
        );
        return true;
      };
      await assert.rejects(client.getTask({ id: "t1" }, callWith()), check);
      await assert.rejects(Array.fromAsync(client.sendStreamingMessage({ message: MESSAGE }, callWith())), check);
    });
  }
}

Deno.test("createClient() takes the agent's extended card from it", async () => {
  const card = { ...cardOffering([OFFERS[1]]), capabilities: { ...CARD.capabilities, extendedAgentCard: true } };
  const { client } = testClient({ fetch: loopback(served(fakeService().service, () => card)) });
  assert.deepEqual(await client.getExtendedAgentCard({}, callWith()), CARD);
});

Deno.test("createClient() asks for nothing optional that the card does not offer", async () => {
  const asked: string[] = [];
  const card = { ...cardOffering([OFFERS[0]]), capabilities: {} };
  const serve = served(fakeService().service, () => card);
  const { client } = testClient({
    fetch: loopback((request) => {
      if (request.method === "POST") asked.push(request.url);
      return serve(request);
    }),
  });
  const call = callWith();
  const stream = client.sendStreamingMessage({ message: { messageId: "m", role: "ROLE_USER", parts: [] } }, call);
  await assert.rejects(Array.fromAsync(stream), isError("UNSUPPORTED_OPERATION"));
  await assert.rejects(Array.fromAsync(client.subscribeToTask({ id: "t" }, call)), isError("UNSUPPORTED_OPERATION"));
  await assert.rejects(client.getExtendedAgentCard({}, call), isError("UNSUPPORTED_OPERATION"));
  const webhook = { taskId: "t", id: "w", url: "https://example.com" };
  const REFUSED = isError("PUSH_NOTIFICATION_NOT_SUPPORTED");
  await assert.rejects(client.createTaskPushNotificationConfig(webhook, call), REFUSED);
  await assert.rejects(client.getTaskPushNotificationConfig(webhook, call), REFUSED);
  await assert.rejects(client.listTaskPushNotificationConfigs(webhook, call), REFUSED);
  await assert.rejects(client.deleteTaskPushNotificationConfig(webhook, call), REFUSED);
  assert.deepEqual(asked, []);
  await client.getTask({ id: "t" }, call);
  assert.equal(asked.length, 1);
});

Deno.test("createClient() says that a 0.3 agent cannot list its tasks over JSON-RPC", async () => {
  const { client } = testClient({ fetch: loopback(served(fakeService().service, () => cardOffering([OFFERS[2]]))) });
  await assert.rejects(client.listTasks({}, callWith()), isError("UNSUPPORTED_OPERATION"));
});

Deno.test("createClient() takes the first interface of the card that it can speak", async () => {
  const seen: string[] = [];
  const card = cardOffering([["GRPC", "1.0"], ["JSONRPC", "9.0"], ["HTTP+JSON", "1.0.1"], ["JSONRPC", "1.0"]]);
  const serve = served(fakeService().service, () => card);
  const { client } = testClient({
    fetch: loopback((request) => {
      seen.push(`${request.method} ${new URL(request.url).pathname}`);
      return serve(request);
    }),
  });
  await client.getTask({ id: "t1" }, callWith());
  await client.getTask({ id: "t2" }, callWith());
  assert.deepEqual(seen, [
    "GET /agents/echo/.well-known/agent-card.json",
    "GET /agents/echo/tasks/t1",
    "GET /agents/echo/tasks/t2",
  ]);
});

Deno.test("createClient() speaks the one generation that it is told to", async () => {
  const versions: (string | null)[] = [];
  const serve = served(fakeService().service, () => cardOffering(OFFERS));
  const { client } = testClient({
    version: "0.3",
    fetch: loopback((request) => {
      versions.push(request.headers.get("a2a-version"));
      return serve(request);
    }),
  });
  await client.getTask({ id: "t1" }, callWith());
  assert.deepEqual(versions, ["1.0", "0.3"]);
});

Deno.test("createClient() says what a card offers when there is nothing to speak", async () => {
  const agent = cardOffering([["GRPC", "1.0"], ["JSONRPC", "9.0"]]);
  const { client } = testClient({ agent, fetch: () => Promise.reject(new Error("no network")) });
  await assert.rejects(
    client.getTask({ id: "t1" }, callWith()),
    isError("VERSION_NOT_SUPPORTED", /GRPC 1.0, JSONRPC 9.0/),
  );
});

Deno.test("createClient() sends version, extensions and its own headers with every request", async () => {
  const seen: (string | null)[][] = [];
  const urls: string[] = [];
  const serve = served(fakeService().service, () => cardOffering([OFFERS[0]]));
  const { client } = testClient({
    headers: (url) => {
      urls.push(url.pathname);
      return { authorization: "Bearer t" };
    },
    fetch: loopback((request) => {
      seen.push(["a2a-version", "a2a-extensions", "authorization"].map((name) => request.headers.get(name)));
      return serve(request);
    }),
  });
  await client.getTask({ id: "t1" }, callWith({ extensions: ["urn:x"] }));
  await Array.fromAsync(client.sendStreamingMessage({ message: MESSAGE }, callWith()));
  const resume = "https://hector.dev/a2a/extensions/resume/v1";
  assert.deepEqual(seen, [
    ["1.0", null, "Bearer t"],
    ["1.0", `${resume}, urn:x`, "Bearer t"],
    ["1.0", resume, "Bearer t"],
  ]);
  assert.deepEqual(urls, ["/agents/echo/.well-known/agent-card.json", "/agents/echo", "/agents/echo"]);
});

for (const [offer, asked] of [[OFFERS[0], "acme"], [OFFERS[1], undefined]] as const) {
  Deno.test(`createClient() over ${offer.join(" ")} sends the tenant of the interface`, async () => {
    const card = cardOffering([offer]);
    const [first] = card.supportedInterfaces;
    assert.ok(first);
    const agent = { ...card, supportedInterfaces: [{ ...first, tenant: "acme" }] };
    const fake = fakeService();
    const serve = served(fake.service, () => agent);
    const urls: string[] = [];
    const { client } = testClient({
      agent,
      fetch: loopback((request) => {
        urls.push(request.url);
        return serve(new Request(request.url.replace("/acme", ""), request));
      }),
    });
    await client.getTask({ id: "t1" }, callWith());
    assert.equal((fake.asked[0]?.request as { tenant?: string }).tenant, asked);
    assert.equal(urls[0]?.includes("/agents/echo/acme/tasks/t1"), asked === undefined);
  });
}

const WRONG_ANSWERS: readonly (readonly [name: string, respond: () => Response, reason: A2AError["reason"]])[] = [
  ["HTML", () => new Response("<html>", { headers: { "content-type": "text/html" } }), "INVALID_AGENT_RESPONSE"],
  ["nothing", () => new Response(""), "INVALID_AGENT_RESPONSE"],
  ["a list", () => Response.json([]), "INVALID_AGENT_RESPONSE"],
  ["neither result nor error", () => Response.json({ jsonrpc: "2.0", id: 1 }), "INVALID_AGENT_RESPONSE"],
  ["an error that is none", () => Response.json({ jsonrpc: "2.0", id: 1, error: "no" }), "INVALID_AGENT_RESPONSE"],
  ["a task without a state", () => Response.json({ id: 1, result: { id: "t1" } }), "INVALID_AGENT_RESPONSE"],
  [
    "a state of its own",
    () => Response.json({ id: 1, result: { id: "t", status: { state: "X" } } }),
    "INVALID_AGENT_RESPONSE",
  ],
  ["too much", () => new Response("x".repeat(1_000_001)), "INVALID_AGENT_RESPONSE"],
  ["10,000 levels", () => new Response("[".repeat(10_000) + "]".repeat(10_000)), "INVALID_AGENT_RESPONSE"],
  ["401", () => new Response("", { status: 401 }), "UNAUTHENTICATED"],
  ["403", () => new Response("no", { status: 403 }), "PERMISSION_DENIED"],
  ["404", () => new Response("nothing here", { status: 404 }), "AGENT_NOT_FOUND"],
  ["429", () => new Response("", { status: 429, headers: { "retry-after": "9" } }), "RATE_LIMITED"],
  ["502", () => new Response("<html>", { status: 502 }), "INVALID_AGENT_RESPONSE"],
  ["503", () => new Response("", { status: 503 }), "UNAVAILABLE"],
];
for (const [name, respond, reason] of WRONG_ANSWERS) {
  Deno.test(`createClient() makes ${reason} of ${name}`, async () => {
    const { client } = testClient({ agent: cardOffering([OFFERS[0]]), fetch: loopback(respond) });
    await assert.rejects(client.getTask({ id: "t1" }, callWith()), (thrown) => {
      assert.ok(thrown instanceof A2AError);
      assert.equal(thrown.reason, reason);
      assert.equal(thrown.retryAfterSeconds, reason === "RATE_LIMITED" ? 9 : undefined);
      return true;
    });
    const send = client.sendStreamingMessage({ message: MESSAGE }, callWith());
    await assert.rejects(Array.fromAsync(send), isError(reason));
  });
}

for (const offer of [OFFERS[0], OFFERS[1]]) {
  Deno.test(`createClient() over ${offer.join(" ")} tells a dead peer from a call that was called off`, async () => {
    const agent = cardOffering([offer]);
    const dead = testClient({ agent, fetch: () => Promise.reject(new TypeError("connection refused")) });
    await assert.rejects(dead.client.getTask({ id: "t1" }, callWith()), isError("UNAVAILABLE", /agent\.example/));
    await assert.rejects(
      Array.fromAsync(dead.client.subscribeToTask({ id: "t1" }, callWith())),
      isError("UNAVAILABLE"),
    );
    assert.deepEqual(dead.slept, []);

    const gone = new AbortController();
    const { client } = testClient({ agent, fetch: loopback(served(fakeService().service, () => agent)) });
    const asked = client.getTask({ id: "t1" }, callWith({ signal: AbortSignal.abort(new Error("enough")) }));
    await assert.rejects(asked, /enough/);
    const hanging = testClient({
      agent,
      fetch: (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          if (signal?.aborted) reject(signal.reason);
          signal?.addEventListener("abort", () => reject(signal.reason));
        }),
    });
    const stream = Array.fromAsync(
      hanging.client.sendStreamingMessage({ message: MESSAGE }, callWith({ signal: gone.signal })),
    );
    gone.abort(new Error("enough"));
    await assert.rejects(stream, /enough/);
  });
}

Deno.test("createClient() tries for the card again after it could not be read", async () => {
  let failures = 1;
  const serve = served(fakeService().service, () => cardOffering([OFFERS[0]]));
  const { client } = testClient({
    fetch: loopback((request) => failures-- > 0 ? new Response("", { status: 503 }) : serve(request)),
  });
  await assert.rejects(client.getTask({ id: "t1" }, callWith()), isError("UNAVAILABLE"));
  assert.deepEqual(await client.getTask({ id: "t1" }, callWith()), done);
});

Deno.test("createClient() lets go of the connection when its reader leaves", async () => {
  const seen = { returned: false };
  const stream = async function* () {
    try {
      yield* replay(TURN.slice(0, 2));
      await new Promise(() => {});
    } finally {
      seen.returned = true;
    }
  };
  const live = fakeService({
    stream: () => {
      const inner = stream();
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => inner.next(),
          return: () => {
            seen.returned = true;
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      };
    },
  });
  const { client } = testClient({ fetch: loopback(served(live.service, () => cardOffering([OFFERS[0]]))) });
  for await (const { seq } of client.sendStreamingMessage({ message: MESSAGE }, callWith())) {
    if (seq === 2) break;
  }
  assert.equal(seen.returned, true);
});
