import assert from "node:assert/strict";
import { inSandbox } from "./sandbox.ts";

const AGENTS = `
agents: { a: { llm: demo, tools: [dice] } }
tools: { dice: { type: typescript, path: ./dice.ts } }
`;
const DICE = `export default {
  description: "Roll a die.",
  input: { type: "object" },
  needsApproval: false,
  run() {
    for (const how of ["log", "info", "debug", "error"] as const) console[how](\`printed by \${how}\`);
    return "The die shows 4.";
  },
};
`;

Deno.test("what a tool of one's own prints stays apart from the answer, which is on the standard output", () =>
  inSandbox(async ({ write, run }) => {
    const config = await write("agents.yaml", AGENTS);
    await write("dice.ts", DICE);
    const { code, out, err } = await run(["call", "Use dice", "--config", config]);
    assert.equal(code, 0, err);
    assert.match(out, /The die shows 4\./);
    assert.doesNotMatch(out, /printed/);
    for (const how of ["log", "info", "debug", "error"]) assert.ok(err.includes(`printed by ${how}\n`), err);
  }));
