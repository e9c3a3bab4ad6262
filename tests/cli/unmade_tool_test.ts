import assert from "node:assert/strict";
import { inFolder, typed } from "./typed.ts";

const AGENTS = `
agents: { a: { llm: demo, tools: [look, build] } }
tools:
  look: { type: execute_command, allowed_commands: [ls] }
  build:
    type: execute_command
    allowed_commands: [make]
    sandbox: { require: kernel, bubblewrap: /nonexistent/bwrap }
`;

Deno.test("hector call tells which entry it is that cannot be made, why, and where to read on", () =>
  inFolder({ "agents.yaml": AGENTS }, async (cwd) => {
    const { code, err } = await typed(["call", "Hello", "--config", "agents.yaml"], { cwd, env: { HOME: cwd } });
    assert.equal(code, 2);
    assert.match(
      err,
      /tools\.build: Cannot run commands in a sandbox of level "kernel": only .*docs\/sandbox\.md/m,
    );
  }));
