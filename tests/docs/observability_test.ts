import assert from "node:assert/strict";
import type { Measurement } from "../../src/telemetry/measurement.ts";
import { createPrometheus } from "../../src/telemetry/prometheus.ts";
import { stateOf } from "../telemetry/states.ts";

const PAGE = await Deno.readTextFile(new URL("../../docs/observability.md", import.meta.url));
const usage = { inputTokens: 1, outputTokens: 1, costUsd: 1 };

/** Everything that can happen, with all that can be told of it. */
const HAPPENED: readonly Measurement[] = [
  { kind: "request", method: "GET", route: "/", status: 200, seconds: 1 },
  { kind: "run_began", agent: "a" },
  { kind: "run_over", agent: "a" },
  { kind: "turn_ended", agent: "a", state: "TASK_STATE_COMPLETED" },
  { kind: "model_call", agent: "a", provider: "p", model: "m", seconds: 1, usage, error: "timeout" },
  { kind: "tool_call", agent: "a", tool: "t", seconds: 1, error: "_OTHER" },
  { kind: "reload", outcome: "applied", seconds: 1 },
  { kind: "source_trouble", failure: "missing" },
];

/** The metrics with their labels, as the exporter tells them; `le` and `error_type` are everybody's own. */
async function exported(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { measure, text } = createPrometheus();
  for (const one of HAPPENED) measure(one);
  const lines = (await text(stateOf({ sourceIsReadable: true }))).split("\n");
  const types = lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
  return new Map(types.map((name) => {
    const samples = lines.filter((line) => new RegExp(`^${name}(?:_count)?[{ ]`).test(line));
    const labels = samples.flatMap((line) => [...line.matchAll(/([a-z_]+)="/g)].map(([, label]) => label ?? ""));
    return [name, new Set(labels)];
  }));
}

Deno.test("docs/observability.md tells of every metric and its labels, and of no other", async () => {
  const rows = [...PAGE.matchAll(/^\| `([a-z_]+)` +\| ([^|]*)\|/gm)];
  const told = new Map(rows.map(([, name = "", labels = ""]) => [
    name,
    new Set([...labels.matchAll(/`([a-z_]+)`/g)].map(([, label]) => label ?? "")),
  ]));
  assert.deepEqual(told, await exported());
});

Deno.test("docs/observability.md asks for metrics and labels that exist", async () => {
  const known = await exported();
  const table = PAGE.slice(PAGE.indexOf("| to know"));
  const queries = [...table.matchAll(/`([^`]+)` *\|$/gm)].map(([, query = ""]) => query);
  assert.equal(queries.length, 6);
  for (const query of queries) {
    const names = query.match(/\b(?:http|hector|gen_ai|process)_[a-z_]+\b/g) ?? [];
    const labels = new Set([...known.values()].flatMap((own) => [...own]));
    for (const name of names) {
      const isKnown = known.has(name.replace(/_(?:count|sum|bucket)$/, "")) || known.has(name) || labels.has(name);
      assert.ok(isKnown, `${name} in ${query}`);
    }
    assert.ok(names.length > 0, query);
  }
});
