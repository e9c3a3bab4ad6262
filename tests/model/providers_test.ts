import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import { ModelError, type ModelErrorKind } from "../../src/model/model.ts";
import { ask, asks, callsOfEvents, fakeDeps, request, said, stopOf, textOfEvents, WEATHER } from "./model_fakes.ts";
import { KEY, modelAt, type Protocol, PROTOCOLS } from "./protocols.ts";
import { type Answer, hanging, json, rawServer, sse, tcpServer, writeStream, writeWhole } from "./raw_server.ts";

/* What every provider promises, over real HTTP. The traps are those of the two SDKs. */

async function withServer(
  protocol: Protocol,
  answer: Answer,
  test: (given: ReturnType<typeof setUp>) => Promise<void>,
  options: Record<string, unknown> = {},
): Promise<void> {
  await using server = rawServer(answer);
  await test(setUp(protocol, server, options));
}

function setUp(protocol: Protocol, server: ReturnType<typeof rawServer>, options: Record<string, unknown>) {
  const deps = fakeDeps();
  return { server, deps, model: modelAt(protocol, server.url, deps, options) };
}

function errorOf(events: Awaited<ReturnType<typeof ask>>): ModelError {
  const stop = stopOf(events);
  assert.equal(stop?.reason, "error");
  if (stop?.reason !== "error") throw new Error("no error");
  return stop.error;
}

for (const protocol of PROTOCOLS) {
  const { name, begin, text, finish } = protocol;
  const whole = [begin, text("Hel"), text("lo"), finish("end")];

  Deno.test(`${name}: text streams in order, usage comes before the one stop`, () =>
    withServer(protocol, () => sse(...whole), async ({ model, server }) => {
      assert.deepEqual(await ask(model), [
        { kind: "text", delta: "Hel" },
        { kind: "text", delta: "lo" },
        { kind: "usage", usage: protocol.usage },
        { kind: "stop", reason: "end" },
      ]);
      assert.deepEqual(server.paths, [protocol.path]);
      const [header, shown] = protocol.keyHeader;
      assert.equal(server.headers[0]?.get(header), shown);
    }));

  for (const [reason, stop] of [["length", "length"], ["refusal", "refusal"], ["end", "end"]] as const) {
    if (reason === "refusal" && protocol.cannot?.has("refusal")) continue;
    Deno.test(`${name}: stops with "${stop}"`, () =>
      withServer(protocol, () => sse(begin, text("so far"), finish(reason)), async ({ model }) => {
        const events = await ask(model);
        assert.equal(textOfEvents(events), "so far");
        assert.equal(stopOf(events)?.reason, stop);
      }));
  }

  Deno.test(`${name}: thinking is told apart from text`, () =>
    withServer(protocol, () => sse(begin, protocol.thinking("hm"), text("42"), finish("end")), async ({ model }) => {
      const events = await ask(model);
      assert.deepEqual(events.slice(0, 2), [{ kind: "thinking", delta: "hm" }, { kind: "text", delta: "42" }]);
    }));

  Deno.test(`${name}: parallel calls arrive whole, in order, behind the text`, () =>
    withServer(
      protocol,
      () =>
        sse(
          begin,
          text("Let me look."),
          protocol.call(0, { id: "a", name: "get_weather" }, '{"ci', 'ty":"Pa', 'ris"}'),
          protocol.call(1, { id: "b", name: "get_time" }),
          finish("calls"),
        ),
      async ({ model, server }) => {
        const events = await ask(model, { tools: [WEATHER] });
        assert.deepEqual(callsOfEvents(events), [
          { id: "a", name: "get_weather", arguments: { city: "Paris" } },
          { id: "b", name: "get_time", arguments: {} },
        ]);
        assert.equal(stopOf(events)?.reason, "calls");
        assert.match(JSON.stringify(server.bodies[0]), /"get_weather".*"The weather in a city".*"required":\["city"\]/);
      },
    ));

  Deno.test(`${name}: arguments that are no JSON object come as malformed, for the model to hear of`, () =>
    withServer(
      protocol,
      () => sse(begin, protocol.call(0, { id: "a", name: "get_weather" }, '{"city": Paris'), finish("calls")),
      async ({ model }) => {
        assert.deepEqual(callsOfEvents(await ask(model)), [
          { id: "a", name: "get_weather", arguments: {}, malformed: '{"city": Paris' },
        ]);
      },
    ));

  Deno.test(`${name}: an answer cut by its length delivers no call`, () =>
    withServer(
      protocol,
      () => sse(begin, protocol.call(0, { id: "a", name: "get_weather" }, '{"city": "Pa'), finish("length")),
      async ({ model }) => {
        const events = await ask(model);
        assert.deepEqual(callsOfEvents(events), []);
        assert.equal(stopOf(events)?.reason, "length");
      },
    ));

  Deno.test(`${name}: an id that the conversation already knows is replaced`, () =>
    withServer(
      protocol,
      () => sse(begin, protocol.call(0, { id: "call_0", name: "get_weather" }, "{}"), finish("calls")),
      async ({ model }) => {
        const messages = [
          asks("weather?"),
          said("ROLE_AGENT", toolCallPart({ id: "call_0", name: "get_weather", arguments: {} })),
          said("ROLE_AGENT", toolOutcomePart({ id: "call_0", name: "get_weather", output: "21", isError: false })),
        ];
        const [call] = callsOfEvents(await ask(model, { messages }));
        assert.match(call?.id ?? "", /^call_[a-z0-9]+_0$/);
      },
    ));

  Deno.test(`${name}: a clean end before the finish is a protocol error, and the text so far stands`, () =>
    withServer(protocol, () => sse(begin, text("half")), async ({ model }) => {
      const events = await ask(model);
      assert.equal(textOfEvents(events), "half");
      assert.equal(errorOf(events).kind, "protocol");
    }));

  Deno.test(`${name}: a clean end before the first event throws`, () =>
    withServer(protocol, () => sse(begin), async ({ model, server }) => {
      await assert.rejects(ask(model), { name: "ModelError", kind: "protocol" });
      assert.equal(server.bodies.length, 1);
    }));

  Deno.test(`${name}: calls of an answer that broke off are not delivered`, () =>
    withServer(
      protocol,
      () => sse(begin, text("I will"), protocol.call(0, { id: "a", name: "get_weather" }, "{}")),
      async ({ model }) => {
        const events = await ask(model);
        assert.deepEqual(callsOfEvents(events), []);
        assert.equal(errorOf(events).kind, "protocol");
      },
    ));

  Deno.test(`${name}: a connection that breaks in the middle is "unavailable", not tried again`, async () => {
    await using server = tcpServer((connection) => writeStream(connection, begin, text("half")));
    const events = await ask(modelAt(protocol, server.url, fakeDeps()));
    assert.equal(textOfEvents(events), "half");
    const error = errorOf(events);
    assert.equal(error.kind, "unavailable");
    assert.match(error.message, /broke off/);
    assert.equal(server.count(), 1);
  });

  Deno.test(`${name}: a connection that breaks before the first event is tried again`, async () => {
    await using server = tcpServer((connection, count) =>
      [() => Promise.resolve(), () => writeStream(connection, begin)][count - 1]?.() ?? writeWhole(connection, ...whole)
    );
    const deps = fakeDeps();
    assert.equal(textOfEvents(await ask(modelAt(protocol, server.url, deps))), "Hello");
    assert.deepEqual(deps.waited, [500, 1_000]);
  });

  Deno.test(`${name}: an error event before the first event is tried again`, () =>
    withServer(
      protocol,
      (_, count) => count === 1 ? sse(begin, protocol.error("overloaded_error", "Overloaded")) : sse(...whole),
      async ({ model, server }) => {
        assert.equal(textOfEvents(await ask(model)), "Hello");
        assert.equal(server.bodies.length, 2);
      },
    ));

  for (
    const [type, kind] of [
      ["overloaded_error", "overloaded"],
      ["rate_limit_error", "rate_limited"],
      ["server_error", "unavailable"],
      ["api_error", "unavailable"],
      ["invalid_request_error", "invalid_request"],
    ] as const
  ) {
    Deno.test(`${name}: an error event "${type}" in the middle stops with "${kind}"`, () =>
      withServer(protocol, () => sse(begin, text("half"), protocol.error(type, "no")), async ({ model }) => {
        const events = await ask(model);
        assert.equal(textOfEvents(events), "half");
        assert.equal(errorOf(events).kind, kind);
      }));
  }

  for (const what of ["malformed", "misshapen"] as const) {
    Deno.test(`${name}: a ${what} event is a protocol error, and the text so far stands`, () =>
      withServer(protocol, () => sse(begin, text("half"), protocol[what], finish("end")), async ({ model }) => {
        const events = await ask(model);
        assert.equal(textOfEvents(events), "half");
        assert.equal(errorOf(events).kind, "protocol");
      }));
  }

  Deno.test(`${name}: an event of an unknown kind is passed over`, () =>
    withServer(
      protocol,
      () => sse(begin, protocol.unknown, text("fine"), protocol.unknown, finish("end")),
      async ({ model }) => {
        const events = await ask(model);
        assert.equal(textOfEvents(events), "fine");
        assert.equal(stopOf(events)?.reason, "end");
      },
    ));

  for (
    const [type, body] of [["text/plain", "It works!"], ["text/html", "<html></html>"], [
      "application/json",
      "{}",
    ]] as const
  ) {
    Deno.test(`${name}: an answer of ${type} is a protocol error that points at base_url`, () =>
      withServer(protocol, () => new Response(body, { headers: { "content-type": type } }), async ({ model }) => {
        await assert.rejects(ask(model), { name: "ModelError", kind: "protocol", message: /base_url/ });
      }));
  }

  Deno.test(`${name}: an abort in the middle throws the signal's reason and lets the connection go`, async () => {
    const left = Promise.withResolvers<void>();
    await withServer(protocol, () => hanging([begin, text("half")], left.resolve), async ({ model }) => {
      const controller = new AbortController();
      const stream = model.stream(request({ signal: controller.signal }))[Symbol.asyncIterator]();
      assert.deepEqual((await stream.next()).value, { kind: "text", delta: "half" });
      const next = stream.next();
      controller.abort(new Error("the peer cancelled"));
      await assert.rejects(next, /the peer cancelled/);
      await left.promise;
    });
  });

  Deno.test(`${name}: an abort before the first event throws the signal's reason and lets the connection go`, async () => {
    const asked = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    await using server = tcpServer(async (connection) => {
      asked.resolve();
      await connection.read(new Uint8Array(1)).catch(() => {});
      left.resolve();
    });
    const controller = new AbortController();
    const events = ask(modelAt(protocol, server.url, fakeDeps()), { signal: controller.signal });
    await asked.promise;
    controller.abort(new Error("the peer cancelled"));
    await assert.rejects(events, /the peer cancelled/);
    await left.promise;
  });

  Deno.test(`${name}: a reader that leaves lets the connection go`, async () => {
    const left = Promise.withResolvers<void>();
    await withServer(protocol, () => hanging([begin, text("half")], left.resolve), async ({ model }) => {
      for await (const _ of model.stream(request())) break;
      await left.promise;
    });
  });

  Deno.test(`${name}: headers and then silence is a timeout, and the request is let go`, async () => {
    const left = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await withServer(protocol, () => {
      asked.resolve();
      return hanging([begin], left.resolve);
    }, async ({ model, deps, server }) => {
      const events = ask(model);
      await asked.promise;
      deps.expire();
      await assert.rejects(events, {
        name: "ModelError",
        kind: "timeout",
        message: /nothing for 120 s .*timeout_seconds/,
      });
      await left.promise;
      assert.equal(server.bodies.length, 1);
    });
  });

  Deno.test(`${name}: silence in the middle of an answer stops with "timeout"`, () =>
    withServer(protocol, () => hanging([begin, text("half")]), async ({ model, deps }) => {
      const stream = model.stream(request())[Symbol.asyncIterator]();
      await stream.next();
      const next = stream.next();
      deps.expire();
      const { value } = await next;
      assert.ok(value?.kind === "stop" && value.reason === "error");
      assert.equal(value.error.kind, "timeout");
      assert.equal((await stream.next()).done, true);
    }));

  Deno.test(`${name}: waits as long as the provider asks, a minute at most`, () =>
    withServer(protocol, (_, count) =>
      [
        () => json(429, protocol.errorBody({ type: "rate_limit_error", message: "slow" }), { "retry-after": "7" }),
        () => json(429, protocol.errorBody({ type: "rate_limit_error", message: "slow" }), { "retry-after": "120" }),
        () => json(429, protocol.errorBody({ type: "rate_limit_error", message: "slow" }), { "retry-after-ms": "250" }),
      ][count - 1]?.() ?? sse(...whole), async ({ model, deps }) => {
      assert.equal(textOfEvents(await ask(model)), "Hello");
      assert.deepEqual(deps.waited, [7_500, 60_000, 750]);
    }));

  Deno.test(`${name}: max_retries 0 asks once`, () =>
    withServer(
      protocol,
      () => json(503, protocol.errorBody({ type: "api_error", message: "down" })),
      async ({ model, server }) => {
        await assert.rejects(ask(model), { kind: "unavailable" });
        assert.equal(server.bodies.length, 1);
      },
      { max_retries: 0 },
    ));

  Deno.test(`${name}: a refused connection names host and port`, async () => {
    const server = rawServer(() => sse());
    await server[Symbol.asyncDispose]();
    const model = modelAt(protocol, server.url, fakeDeps(), { max_retries: 0 });
    await assert.rejects(ask(model), (thrown) => {
      assert.ok(thrown instanceof ModelError);
      assert.equal(thrown.kind, "unavailable");
      assert.ok(thrown.message.includes(`${server.host}: connection refused`), thrown.message);
      return true;
    });
  });

  /** [status, type, message, kind, asked how often, what the sentence says] */
  const REFUSALS: [number, string, string, ModelErrorKind, number, RegExp][] = [
    [401, "authentication_error", `Incorrect API key provided: ${KEY}`, "authentication", 1, /check api_key of "main"/],
    [401, "invalid_request_error", "no", "authentication", 1, /refused the key/],
    [403, "permission_error", "not for you", "permission", 1, /not for you/],
    [404, "not_found_error", "model: nope", "unknown_model", 1, /no such model/],
    [400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", "too_long", 1, /longer/],
    [413, "request_too_large", "too big", "too_long", 1, /longer/],
    [400, "invalid_request_error", "tools.0: bad schema", "invalid_request", 1, /tools\.0: bad schema/],
    [402, "billing_error", "pay first", "quota", 1, /billing/],
    [429, "insufficient_quota", "You exceeded your current quota", "quota", 1, /billing/],
    [429, "rate_limit_error", "slow down", "rate_limited", 4, /too many requests/],
    [500, "api_error", "oops", "unavailable", 4, /HTTP 500/],
    [503, "api_error", "down", "unavailable", 4, /HTTP 503/],
    [529, "overloaded_error", "Overloaded", "overloaded", 4, /overloaded/],
  ];
  for (const [status, type, message, kind, times, sentence] of REFUSALS) {
    Deno.test(`${name}: HTTP ${status} "${type}" (${message.slice(0, 20)}) is "${kind}"`, () =>
      withServer(protocol, () => json(status, protocol.errorBody({ type, message })), async ({ model, server }) => {
        await assert.rejects(ask(model), (thrown) => {
          assert.ok(thrown instanceof ModelError);
          assert.deepEqual([thrown.kind, thrown.status], [kind, status]);
          assert.match(thrown.message, sentence);
          assert.ok(!`${thrown.message} ${thrown.stack} ${Deno.inspect(thrown.cause)}`.includes(KEY), "the key leaks");
          return true;
        });
        assert.equal(server.bodies.length, times);
      }));
  }

  Deno.test(`${name}: an error page that is not JSON points at base_url`, () =>
    withServer(protocol, () => new Response("<h1>Not Found</h1>", { status: 404 }), async ({ model, server }) => {
      await assert.rejects(ask(model), {
        kind: "invalid_request",
        message: new RegExp(`${server.host} has no such address.*base_url`),
      });
    }));

  Deno.test(`${name}: the SDK writes nothing, whatever goes wrong`, async () => {
    const written: unknown[] = [];
    const names = ["log", "info", "warn", "error", "debug"] as const;
    const saved = names.map((level) => console[level]);
    names.forEach((level) => console[level] = (...words: unknown[]) => void written.push(words));
    try {
      const answers = [() => sse(begin, text("x"), protocol.malformed), () => json(500, {}), () => json(429, "")];
      await withServer(protocol, (_, count) => (answers[count - 1] ?? (() => sse(...whole)))(), async ({ model }) => {
        await ask(model);
        await ask(model);
      });
    } finally {
      names.forEach((level, at) => console[level] = saved[at] ?? console[level]);
    }
    assert.deepEqual(written, []);
  });

  Deno.test(`${name}: many requests at once share one client and keep their answers apart`, () =>
    withServer(protocol, (_, count) => sse(begin, text(String(count)), finish("end")), async ({ model }) => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(model)));
      assert.equal(new Set(answers.map(textOfEvents)).size, 20);
    }));
}
