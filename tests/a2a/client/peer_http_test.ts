import assert from "node:assert/strict";
import type { AgentCard } from "../../../src/a2a/card/card_types.ts";
import type { ClientAuth, WantedAuth } from "../../../src/a2a/client/keyring.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { fakeService, replay, statusEvent, taskIn, TURN } from "../fake_service.ts";
import { AGENT_URL, BASE, callWith, cardOffering, isError, loopback, served, testClient } from "../loopback.ts";
import { grpcLoopback } from "./grpc_loopback.ts";

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const TOKEN: ClientAuth = { kind: "bearer", token: new Secret("t0ken") };
const MESSAGE = { messageId: "m1", role: "ROLE_USER" as const, parts: [{ text: "Hi" }] };
const SCHEMES: AgentCard["securitySchemes"] = { jwt: { httpAuthSecurityScheme: { scheme: "bearer" } } };
const OFFERS = [["JSONRPC", "1.0"], ["HTTP+JSON", "0.3"], ["GRPC", "1.0"], ["GRPC", "0.3"]] as const;

/** An agent that wants a certain `authorization`, over HTTP and gRPC. */
async function guarded(offer: typeof OFFERS[number], wanted: () => string, auth?: ClientAuth) {
  const card = { ...cardOffering([offer]), securitySchemes: SCHEMES };
  const { service } = fakeService();
  const shown: (string | null | undefined)[] = [];
  const grpc = await grpcLoopback(service, {
    guard: ({ metadata }) => {
      shown.push(metadata.get("authorization"));
      if (shown.at(-1) !== wanted()) throw new A2AError("UNAUTHENTICATED", "Who are you?");
    },
  });
  const serve = served(service, () => card);
  const { client } = testClient({
    ...(auth === undefined ? {} : { auth }),
    openBytes: grpc.openBytes,
    fetch: loopback((request) => {
      if (request.url.endsWith(".json")) return serve(request);
      shown.push(request.headers.get("authorization"));
      if (shown.at(-1) === wanted()) return serve(request);
      return new Response("", { status: 401, headers: { "www-authenticate": "Bearer" } });
    }),
  });
  const close = async () => {
    client.close();
    await grpc.close();
  };
  return { client, shown, close };
}

for (const offer of OFFERS) {
  const name = offer.join(" ");
  Deno.test(`createClient() over ${name} shows its token with every request`, async () => {
    const { client, shown, close } = await guarded(offer, () => "Bearer t0ken", TOKEN);
    await client.getTask({ id: "t1" }, callWith());
    await Array.fromAsync(client.sendStreamingMessage({ message: MESSAGE }, callWith()));
    assert.deepEqual(shown, ["Bearer t0ken", "Bearer t0ken"]);
    await close();
  });

  Deno.test(`createClient() over ${name} says what is wanted when it is not let in`, async () => {
    const { client, shown, close } = await guarded(offer, () => "Bearer other");
    const refused = isError("UNAUTHENTICATED", /"Echo" wants a bearer token and was shown none/);
    await assert.rejects(client.getTask({ id: "t1" }, callWith()), refused);
    await assert.rejects(Array.fromAsync(client.subscribeToTask({ id: "t1" }, callWith())), refused);
    assert.equal(shown.length, 2);
    await close();
  });

  Deno.test(`createClient() over ${name} has credentials made anew when they ran out, once`, async () => {
    let token = 1;
    const wanted: WantedAuth[] = [];
    const auth: ClientAuth = {
      kind: "provider",
      headers: (asked) => {
        wanted.push(asked);
        if (asked.refused) token++;
        return Promise.resolve({ authorization: `Bearer ${token}` });
      },
    };
    let right = "Bearer 2";
    const { client, shown, close } = await guarded(offer, () => right, auth);
    await client.getTask({ id: "t1" }, callWith());
    assert.deepEqual(shown, ["Bearer 1", "Bearer 2"]);
    right = "Bearer 3";
    const events = await Array.fromAsync(client.sendStreamingMessage({ message: MESSAGE }, callWith()));
    assert.equal(events.length, TURN.length);
    right = "nothing";
    await assert.rejects(client.getTask({ id: "t1" }, callWith()), isError("UNAUTHENTICATED"));
    assert.deepEqual(shown.slice(2), ["Bearer 2", "Bearer 3", "Bearer 3", "Bearer 4"]);
    await close();
  });
}

Deno.test("createClient() follows redirects and tells strangers nothing", async () => {
  const seen: string[] = [];
  const card = cardOffering([["JSONRPC", "1.0"]]);
  const serve = served(fakeService().service, () => card);
  const { client } = testClient({
    agent: BASE,
    auth: [TOKEN, { kind: "api_key", key: new Secret("k"), header: "X-Key" }],
    fetch: loopback((request) => {
      const { origin, pathname } = new URL(request.url);
      seen.push(`${request.method} ${origin} ${request.headers.get("authorization")}`);
      const to = (location: string, status: number) => new Response(null, { status, headers: { location } });
      if (origin === BASE && request.method === "GET") return to("https://cards.example/echo.json", 302);
      if (origin === "https://cards.example") return Response.json(card);
      if (!request.url.includes("?again")) return to(`${pathname}?again`, 307);
      return serve(request);
    }),
  });
  assert.equal((await client.getTask({ id: "t1" }, callWith())).id, "t1");
  assert.deepEqual(seen, [
    `GET ${BASE} Bearer t0ken`,
    "GET https://cards.example null",
    `POST ${BASE} Bearer t0ken`,
    `POST ${BASE} Bearer t0ken`,
  ]);
});

const ASTRAY: readonly (readonly [name: string, status: number, location: string])[] = [
  ["would make a GET of a POST", 302, "/elsewhere"],
  ["leads nowhere", 307, "http://"],
  ["leaves the web", 307, "file:///etc/passwd"],
  ["leads in circles", 308, AGENT_URL],
];
for (const [name, status, location] of ASTRAY) {
  Deno.test(`createClient() does not follow a redirect that ${name}`, async () => {
    const { client } = testClient({
      agent: cardOffering([["JSONRPC", "1.0"]]),
      fetch: loopback(() => new Response(null, { status, headers: { location } })),
    });
    await assert.rejects(client.getTask({ id: "t1" }, callWith()), isError("INVALID_AGENT_RESPONSE", /redirects to/));
  });
}

Deno.test("createClient() does not repeat a key that had to go into a URL when the connection fails", async () => {
  const schemes: AgentCard["securitySchemes"] = { key: { apiKeySecurityScheme: { location: "query", name: "key" } } };
  const urls: string[] = [];
  const { client } = testClient({
    agent: { ...cardOffering([["JSONRPC", "1.0"]]), securitySchemes: schemes },
    auth: { kind: "api_key", key: new Secret("s3cret") },
    fetch: (url) => {
      urls.push(url);
      return Promise.reject(new TypeError(`error sending request for url (${url})`));
    },
  });
  await assert.rejects(client.getTask({ id: "t1" }, callWith()), (thrown) => {
    assert.ok(thrown instanceof A2AError);
    assert.doesNotMatch(Deno.inspect(thrown), /s3cret/);
    return thrown.reason === "UNAVAILABLE";
  });
  assert.deepEqual(urls, [`${AGENT_URL}?key=s3cret`]);
});

/** A fetch that never answers, but for what `first` answers. */
function hanging(first: ((request: Request) => Promise<Response>) | undefined, signals: AbortSignal[] = []) {
  let calls = 0;
  return async (url: string, init: RequestInit): Promise<Response> => {
    if (first !== undefined && calls++ === 0) return await first(new Request(url, init));
    if (init.signal) signals.push(init.signal);
    return await new Promise((_resolve, reject) => init.signal?.addEventListener("abort", () => reject("late")));
  };
}

for (const binding of ["JSONRPC", "HTTP+JSON"] as const) {
  Deno.test(`createClient() over ${binding} waits so long for an answer to begin, for a message as long as it takes`, async () => {
    const signals: AbortSignal[] = [];
    const { client, timers } = testClient({
      agent: cardOffering([[binding, "1.0"]]),
      answerMs: 5000,
      fetch: hanging(undefined, signals),
    });
    const gone = new AbortController();
    const sent = client.sendMessage({ message: MESSAGE }, callWith({ signal: gone.signal }));
    const asked = client.getTask({ id: "t1" }, callWith());
    await settle();
    timers.advance(5000);
    await assert.rejects(asked, isError("UNAVAILABLE", /agent\.example: no answer within 5000 ms/));
    timers.advance(500_000);
    assert.equal(signals.filter(({ aborted }) => aborted).length, 1);
    gone.abort(new Error("enough"));
    await assert.rejects(sent, /enough/);
  });
}

Deno.test("createClient() leaves no timer running where there are no credentials to ask with", async () => {
  const { client, timers } = testClient({
    agent: cardOffering([["JSONRPC", "1.0"]]),
    auth: { kind: "provider", headers: () => Promise.reject(new A2AError("UNAVAILABLE", "No token")) },
    fetch: () => assert.fail("it must not ask"),
  });
  await assert.rejects(client.getTask({ id: "t1" }, callWith()), isError("UNAVAILABLE", /No token/));
  assert.equal(timers.running(), 0);
});

Deno.test("createClient() waits so long for a card", async () => {
  const { client, timers } = testClient({ answerMs: 5000, fetch: hanging(undefined) });
  const asked = client.card(new AbortController().signal);
  await settle();
  timers.advance(5000);
  await assert.rejects(asked, isError("UNAVAILABLE", /no answer within 5000 ms/));
});

Deno.test("createClient() takes a stream up again in which nothing comes, not even a heartbeat", async () => {
  const agent = cardOffering([["JSONRPC", "1.0"]]);
  const cancelled: number[] = [];
  let connections = 0;
  const fake = fakeService({ stream: (_operation, { afterSeq }) => replay(TURN.slice(0, -1), afterSeq) });
  const whole = fakeService();
  const serve = async (request: Request): Promise<Response> => {
    const at = ++connections;
    if (at === 2) return await served(whole.service, () => agent)(request);
    const response = await served(fake.service, () => agent)(request);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    void response.body?.pipeTo(writable, { preventClose: true }).catch(() => {});
    const body = readable.pipeThrough(new TransformStream());
    const silent = new ReadableStream<Uint8Array>({
      start: async (controller) => {
        const reader = body.getReader();
        const heard = async (): Promise<void> => {
          const next = await reader.read();
          if (next.value !== undefined) controller.enqueue(next.value);
          return await heard();
        };
        await heard();
      },
      cancel: () => void cancelled.push(at),
    });
    return new Response(silent, response);
  };
  const { client, timers, slept } = testClient({ agent, idleMs: 20_000, fetch: loopback(serve) });
  const heard: number[] = [];
  const following = (async () => {
    for await (const { seq } of client.sendStreamingMessage({ message: MESSAGE }, callWith())) heard.push(seq);
  })();
  for (let turn = 0; turn < 20; turn++) await settle();
  assert.deepEqual(heard, TURN.slice(0, -1).map(({ seq }) => seq));
  timers.advance(19_999);
  await settle();
  assert.equal(connections, 1);
  timers.advance(1);
  await following;
  assert.deepEqual(heard, TURN.map(({ seq }) => seq));
  assert.deepEqual([connections, cancelled, slept.length], [2, [1], 1]);
});

Deno.test("createClient() lets go of a stream that stays open behind a question, when nothing more comes", async () => {
  const question = { jsonrpc: "2.0", id: 1, result: statusEvent("TASK_STATE_INPUT_REQUIRED") };
  const letGo = Promise.withResolvers<void>();
  const open = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(question)}\n\n`)),
    cancel: () => letGo.resolve(),
  });
  const { client } = testClient({
    agent: cardOffering([["JSONRPC", "1.0"]]),
    sleep: () => settle(),
    fetch: () => Promise.resolve(new Response(open, { headers: { "content-type": "text/event-stream" } })),
  });
  const events = await Array.fromAsync(client.sendStreamingMessage({ message: MESSAGE }, callWith()));
  assert.deepEqual(events.map(({ event }) => event), [question.result]);
  await letGo.promise;
});

Deno.test("createClient() falls back to gRPC where HTTP is not to be reached, and never to another generation", async () => {
  const { service } = fakeService();
  const offers = [["JSONRPC", "1.0"], ["JSONRPC", "0.3"], ["GRPC", "1.0"]] as const;
  const agent = cardOffering(offers);
  const grpc = await grpcLoopback(service);
  const down = () => Promise.reject(new TypeError("connection refused"));
  const both = testClient({ agent, openBytes: grpc.openBytes, fetch: down });
  assert.deepEqual(await both.client.getTask({ id: "t1" }, callWith()), {
    ...taskIn("TASK_STATE_COMPLETED"),
    artifacts: [{ artifactId: "answer", parts: [{ text: "Hello" }] }],
  });
  assert.equal(grpc.calls[0]?.metadata.get("a2a-version"), "1.0");
  const tried: (string | null)[] = [];
  const old = testClient({
    agent,
    fetch: (_url, init) => {
      tried.push(new Headers(init.headers).get("a2a-version"));
      return down();
    },
  });
  await assert.rejects(old.client.getTask({ id: "t1" }, callWith()), isError("UNAVAILABLE"));
  assert.deepEqual(tried, ["1.0"]);
  both.client.close();
  await grpc.close();
});

Deno.test("createClient() over gRPC names the agent by the tenant of its interface", async () => {
  const fake = fakeService();
  const grpc = await grpcLoopback(fake.service);
  const card = cardOffering([["GRPC", "1.0"]], "agent.example:50051");
  const agent = { ...card, supportedInterfaces: card.supportedInterfaces.map((one) => ({ ...one, tenant: "echo" })) };
  const { client } = testClient({ agent, openBytes: grpc.openBytes, fetch: () => Promise.reject(new Error("none")) });
  await client.getTask({ id: "t1" }, callWith());
  await client.listTasks({}, callWith());
  assert.deepEqual(fake.asked.map(({ request }) => request), [{ id: "t1", tenant: "echo" }, { tenant: "echo" }]);
  assert.deepEqual(grpc.opened.map(({ address, tls }) => [address, tls]), [["agent.example:50051", false]]);
  client.close();
  await grpc.close();
});
