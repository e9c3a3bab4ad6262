import { LLMock } from "@copilotkit/aimock";
import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import type { Message } from "../../src/a2a/types.ts";
import type { ModelEvent } from "../../src/model/model.ts";
import {
  ask,
  asks,
  callsOfEvents,
  type FakeDeps,
  fakeDeps,
  said,
  stopOf,
  textOfEvents,
  WEATHER,
} from "./model_fakes.ts";
import { modelAt, type Protocol, PROTOCOLS } from "./protocols.ts";

/* The same scenes against a server that others wrote, over each provider's wire. */

const WEATHER_ANSWER = "It is 21 degrees in Paris.";

/** Without idle connections, for which the mock would wait when it stops. */
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
const unpooled: typeof fetch = (input, init) => fetch(input, { ...init, client });

async function mocked(test: (mock: LLMock) => Promise<void>): Promise<void> {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
  mock.on({ userMessage: "weather", hasToolResult: true }, { content: WEATHER_ANSWER });
  mock.on({ userMessage: "weather", hasToolResult: false }, {
    content: "Let me look.",
    toolCalls: [
      { id: "call_1", name: "get_weather", arguments: JSON.stringify({ city: "Paris" }) },
      { id: "call_2", name: "get_weather", arguments: JSON.stringify({ city: "Rome" }) },
    ],
  });
  mock.onMessage("think", { reasoning: "First, then.", content: "42" });
  mock.onMessage("limited", {
    error: { message: "Rate limited", type: "rate_limit_error" },
    status: 429,
    retryAfter: 2,
  });
  mock.onMessage("hello", { content: "Hello from the mock" }, { chunkSize: 4 });
  await mock.start();
  try {
    await test(mock);
  } finally {
    await mock.stop();
  }
}

function at(protocol: Protocol, mock: LLMock, deps: FakeDeps = fakeDeps(), options: Record<string, unknown> = {}) {
  return modelAt(protocol, mock.url, { ...deps, fetch: unpooled }, options);
}

function kinds(events: readonly ModelEvent[]): string[] {
  return [...new Set(events.map(({ kind }) => kind))];
}

for (const protocol of PROTOCOLS) {
  Deno.test(`${protocol.name} on aimock: text streams in pieces`, () =>
    mocked(async (mock) => {
      const events = await ask(at(protocol, mock));
      assert.equal(textOfEvents(events), "Hello from the mock");
      assert.ok(events.filter(({ kind }) => kind === "text").length > 2);
      assert.equal(stopOf(events)?.reason, "end");
    }));

  Deno.test(`${protocol.name} on aimock: a loop with parallel calls, to its end`, () =>
    mocked(async (mock) => {
      const model = at(protocol, mock);
      const messages: Message[] = [asks("weather?")];
      const first = await ask(model, { messages, tools: [WEATHER], system: "Be brief." });
      assert.equal(stopOf(first)?.reason, "calls");
      const calls = callsOfEvents(first);
      assert.deepEqual(calls.map((call) => call.arguments), [{ city: "Paris" }, { city: "Rome" }]);
      messages.push(
        said("ROLE_AGENT", { text: textOfEvents(first) }, ...calls.map(toolCallPart)),
        said(
          "ROLE_AGENT",
          ...calls.map(({ id, name }) => toolOutcomePart({ id, name, output: "21", isError: false })),
        ),
      );
      const second = await ask(model, { messages, tools: [WEATHER], system: "Be brief." });
      assert.equal(textOfEvents(second), WEATHER_ANSWER);
      assert.equal(stopOf(second)?.reason, "end");
    }));

  Deno.test(`${protocol.name} on aimock: thinking is thinking`, () =>
    mocked(async (mock) => {
      const events = await ask(at(protocol, mock), { messages: [asks("think hard")] });
      assert.equal(textOfEvents(events), "42");
      assert.deepEqual(kinds(events).slice(0, 2), ["thinking", "text"]);
    }));

  Deno.test(`${protocol.name} on aimock: waits as it is told, then gives up`, () =>
    mocked(async (mock) => {
      const deps = fakeDeps();
      const model = at(protocol, mock, deps, { max_retries: 1 });
      await assert.rejects(ask(model, { messages: [asks("limited")] }), { kind: "rate_limited", status: 429 });
      assert.deepEqual(deps.waited, [2_500]);
    }));

  Deno.test(`${protocol.name} on aimock: a failure that passes is not seen`, () =>
    mocked(async (mock) => {
      mock.nextRequestError(503);
      const deps = fakeDeps();
      assert.equal(textOfEvents(await ask(at(protocol, mock, deps))), "Hello from the mock");
      assert.equal(deps.waited.length, 1);
    }));
}
