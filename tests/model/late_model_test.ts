import assert from "node:assert/strict";
import type { Connection } from "../../src/model/connection.ts";
import { lateModel } from "../../src/model/late_model.ts";
import type { ModelEvent, ModelRequest } from "../../src/model/model.ts";

const TO: Connection = {
  title: "Acme",
  model: "acme-1",
  baseUrl: "https://acme.example",
  official: true,
  key: undefined,
  keySource: "api_key",
  timeoutMs: 60_000,
  maxRetries: 0,
};
const REQUEST: ModelRequest = { messages: [], tools: [], signal: new AbortController().signal };
const DEPS = { random: () => 0, sleep: () => new Promise<void>(() => {}) };

async function textOf(events: AsyncIterable<ModelEvent>): Promise<string> {
  let text = "";
  for await (const event of events) if (event.kind === "text") text += event.delta;
  return text;
}

Deno.test("lateModel() opens nothing before its first question, and once for all of them", async () => {
  let opened = 0;
  const model = lateModel(TO, DEPS, () => {
    opened++;
    return Promise.resolve(async function* (): AsyncGenerator<ModelEvent> {
      yield { kind: "text", delta: "Yes." };
      yield { kind: "stop", reason: "end" };
    });
  });
  assert.equal(model.id, "acme-1");
  assert.equal(opened, 0);
  const answers = await Promise.all([textOf(model.stream(REQUEST)), textOf(model.stream(REQUEST))]);
  assert.deepEqual(answers, ["Yes.", "Yes."]);
  assert.equal(opened, 1);
});
