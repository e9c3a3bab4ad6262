import assert from "node:assert/strict";
import { systemPrompt } from "../../src/agent/prompt.ts";

const preamble = { always: "Be good.", withTools: "Use tools." };
const now = () => Date.UTC(2026, 10, 3, 23, 59);

/** [prompt, tools, text] */
const ROWS: [name: string, prompt: Parameters<typeof systemPrompt>[0], hasTools: boolean, text: string][] = [
  ["nothing", {}, false, "Be good.\n\nToday is 2026-11-03."],
  ["tools", {}, true, "Be good. Use tools.\n\nToday is 2026-11-03."],
  ["an instruction", { instruction: "Sell shoes." }, false, "Be good.\n\nSell shoes.\n\nToday is 2026-11-03."],
  ["a system prompt", { systemPrompt: "Only this." }, true, "Only this."],
  ["both", { systemPrompt: "Only this.", instruction: "Sell shoes." }, true, "Only this.\n\nSell shoes."],
  ["an empty system prompt", { systemPrompt: "" }, true, ""],
];
for (const [name, prompt, hasTools, text] of ROWS) {
  Deno.test(`systemPrompt() of an agent with ${name}`, () => {
    assert.equal(systemPrompt(prompt, { preamble, now })({ hasTools }), text);
  });
}

Deno.test("systemPrompt() stays the same for a day, and begins the same on the next", () => {
  let time = Date.UTC(2026, 11, 31);
  const system = systemPrompt({ instruction: "Sell shoes." }, { preamble, now: () => time });
  const first = system({ hasTools: true });
  time += 86_399_999;
  assert.equal(system({ hasTools: true }), first);
  time += 1;
  assert.equal(system({ hasTools: true }), first.replace("2026-12-31", "2027-01-01"));
});

Deno.test("systemPrompt() puts the role where the engine says who the agent is, and the guidance last", () => {
  const parts = { preamble: { always: "You are helpful.", withTools: "Use tools." }, now: () => 0 };
  const prompt = systemPrompt({
    role: "You are a cook.",
    instruction: "Cook.",
    completion: "Serve.",
    guidance: "Be kind.",
  }, parts);
  assert.equal(
    prompt({ hasTools: true }),
    "You are a cook. Use tools.\n\nCook.\n\nServe.\n\nBe kind.\n\nToday is 1970-01-01.",
  );
  assert.equal(prompt({ hasTools: false }), "You are a cook.\n\nCook.\n\nServe.\n\nBe kind.\n\nToday is 1970-01-01.");
  const own = systemPrompt({ systemPrompt: "All.", role: "You are a cook.", guidance: "Be kind." }, parts);
  assert.equal(own({ hasTools: true }), "All.\n\nBe kind.");
});
