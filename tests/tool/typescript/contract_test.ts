import assert from "node:assert/strict";
import { contractOf } from "../../../tool_contract.ts";
import { inTempDir } from "../run_tool.ts";
import { moduleOf } from "./module_files.ts";

async function faults(source: string, input = { a: "x" }): Promise<string[]> {
  const found: string[] = [];
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/tool.ts`, source);
    for (const { name, run } of contractOf({ path: `${base}/tool.ts`, input })) {
      await run().catch((thrown: Error) => found.push(`${name}: ${thrown.message}`));
    }
  });
  return found;
}

Deno.test("contractOf() finds nothing wrong with a tool that holds it", async () => {
  assert.deepEqual(await faults(moduleOf("return input.a ?? '';")), []);
});

/** [what is wrong, source, what is found] */
const BROKEN: [name: string, source: string, found: RegExp][] = [
  [
    "an example that its own schema refuses",
    moduleOf("return '';").replace('type: "string"', 'type: "number"'),
    /^takes its example: its input does not allow the example/,
  ],
  [
    "an argument that it requires and does not have",
    moduleOf("return '';").replace("properties:", 'required: ["b"], properties:'),
    /^says what it does and what it takes: it requires "b"/,
  ],
  ["a result that is none", moduleOf("return 5 as unknown as string;"), /^gives a result that can be kept/],
  ["a call that fails", moduleOf("throw new Error('no');"), /^gives a result that can be kept: no$/],
];
for (const [name, source, found] of BROKEN) {
  Deno.test(`contractOf() finds ${name}`, async () => {
    assert.match((await faults(source)).join("\n"), found);
  });
}
