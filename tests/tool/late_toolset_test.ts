import assert from "node:assert/strict";
import { lateToolset } from "../../src/tool/late_toolset.ts";
import type { Toolset } from "../../src/tool/tool.ts";

const { signal } = new AbortController();

function counted(more: Partial<Toolset> = {}) {
  const done: string[] = [];
  const note = <T>(what: string, value: T) => {
    done.push(what);
    return Promise.resolve(value);
  };
  const toolset = lateToolset(() =>
    note("open", { tools: () => note("tools", []), close: () => note("close", undefined), ...more })
  );
  return { toolset, done };
}

Deno.test("lateToolset() opens once, when it is first asked, and closes what it opened", async () => {
  const { toolset, done } = counted();
  assert.deepEqual(done, []);
  assert.deepEqual(await Promise.all([toolset.tools(signal), toolset.tools(signal)]), [[], []]);
  await toolset.check?.(signal);
  await toolset.close();
  assert.deepEqual(done, ["open", "tools", "tools", "close"]);
});

Deno.test("lateToolset() opens nothing in order to close it", async () => {
  const { toolset, done } = counted();
  await toolset.close();
  assert.deepEqual(done, []);
});

Deno.test("lateToolset() passes on what keeps the tools away", async () => {
  const { toolset } = counted({ check: () => Promise.reject(new Error("away")) });
  await assert.rejects(async () => await toolset.check?.(signal), /^Error: away$/);
  const broken = lateToolset(() => Promise.reject(new Error("no code")));
  await assert.rejects(broken.tools(signal), /^Error: no code$/);
});

Deno.test("lateToolset() passes on what is away, and nothing is before it is asked", async () => {
  const { toolset } = counted({ away: () => [{ name: "files", reason: "it has failed" }] });
  assert.deepEqual(toolset.away?.(), []);
  await toolset.tools(signal);
  assert.deepEqual(toolset.away?.(), [{ name: "files", reason: "it has failed" }]);
});
