import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import { startProgram } from "../tool/mcp/tool_servers.ts";
import { inTempDir } from "../tool/run_tool.ts";
import { candidateOf, openTestHouse } from "./configurations.ts";

const OWN_TOOL = `export default {
  description: "Acts", input: { type: "object" }, needsApproval: false, run: () => "acted",
};`;

const KINDS: readonly (readonly [kind: string, write: (folder: string) => Promise<object>])[] = [
  ["typescript", async (folder) => {
    await Deno.writeTextFile(`${folder}/act.ts`, OWN_TOOL);
    return { path: `${folder}/act.ts` };
  }],
  ["mcp", (folder) => startProgram(folder, "")],
];

/** [what the entry says, whether the call may not happen twice: its beginning is kept] */
const ROWS = [[undefined, true], ["once", true], ["ask", true], ["safe", false]] as const;

for (const [type, write] of KINDS) {
  Deno.test(`useToolsets() gives tools of ${type} the replay of their entry`, () =>
    inTempDir(async (folder) => {
      const options = await write(folder);
      for (const [replay, isKept] of ROWS) {
        const entry = { type, ...options, ...(replay === undefined ? {} : { replay }) };
        const text = JSON.stringify({
          agents: { a: { llm: "m", tools: ["act"] } },
          tools: { act: entry },
          llms: {
            m: {
              provider: "scripted",
              rules: [{ match: { tool_result: true }, reply: { text: "Then: {{tool_result}}" } }],
              default: { calls: [{ name: "act", arguments: {} }] },
            },
          },
        });
        const house = await openTestHouse(candidateOf(text), { env: (name) => Deno.env.get(name) });
        try {
          const { id, artifacts = [] } = await house.say("a", "go");
          assert.equal(artifacts.map(textOf).join(""), "Then: acted");
          const ref = { tenant: "default", owner: "anonymous", id };
          const entries = await Array.fromAsync(house.store.journal.read(ref));
          const kept = entries.some((each) => "step" in each && each.step.phase === "begin");
          assert.equal(kept, isKept, `${type} with replay ${replay}`);
        } finally {
          await house.close();
        }
      }
    }));
}
