import assert from "node:assert/strict";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { loadConfig } from "../../src/config/load.ts";
import { revisionOf } from "../../src/config/revision.ts";
import { hundredAgents } from "./reload_case.ts";

Deno.test("hundredAgents() is a configuration of a hundred agents, and each edition is a revision of its own", async () => {
  const configs = [1, 2].map((edition) =>
    loadConfig({ text: hundredAgents(edition), file: "a", env: () => undefined, tables: PLUGIN_TABLES, baseDir: "/" })
  );
  assert.deepEqual(configs.map(({ agents }) => agents.size), [100, 100]);
  const [one, other] = await Promise.all(configs.map(revisionOf));
  assert.notEqual(one, other);
});
