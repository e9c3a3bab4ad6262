import assert from "node:assert/strict";
import { outputFault } from "../../../src/tool/mcp/output_fault.ts";

type Listed = Parameters<typeof outputFault>[0];
type Result = Parameters<typeof outputFault>[1];

const tool = (outputSchema?: Listed["outputSchema"]): Listed => ({
  name: "act",
  inputSchema: { type: "object" },
  ...(outputSchema === undefined ? {} : { outputSchema }),
});
const NUMBER = tool({ type: "object", properties: { n: { type: "number" } }, required: ["n"] });
const EVIL = tool({ type: "object", properties: { s: { type: "string", pattern: "^(a+)+$" } } });

/** [tool, result, what is wrong] */
const FAULTS: readonly (readonly [name: string, tool: Listed, result: Result, fault: RegExp | undefined])[] = [
  ["no promise", tool(), { content: [] }, undefined],
  ["what was promised", NUMBER, { content: [], structuredContent: { n: 1 } }, undefined],
  ["nothing of what was promised", NUMBER, { content: [] }, /has promised structured content/],
  ["another thing", NUMBER, { content: [], structuredContent: { n: "one" } }, /not what its own schema says at n: /],
  ["a failure, which promises nothing", NUMBER, { content: [], isError: true }, undefined],
  ["a pattern, which is not run", EVIL, { content: [], structuredContent: { s: `${"a".repeat(40)}!` } }, undefined],
];
for (const [name, listed, result, fault] of FAULTS) {
  Deno.test(`outputFault() of ${name}`, () => {
    const told = outputFault(listed, result);
    if (fault === undefined) assert.equal(told, undefined);
    else assert.match(told ?? "", fault);
  });
}
