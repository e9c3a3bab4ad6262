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
