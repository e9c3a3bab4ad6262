import assert from "node:assert/strict";
import { createLog, type LogFields } from "../../src/lib/log.ts";
import { Secret } from "../../src/lib/secret.ts";

function logged(format: "text" | "json", message: string, fields: LogFields): string {
  const lines: string[] = [];
  createLog({ write: (line) => lines.push(line), now: () => 0, format }).warn(message, fields);
  assert.equal(lines.length, 1);
  return lines[0] ?? "";
}

Deno.test("createLog() writes one text line for people", () => {
  assert.equal(
    logged("text", "task failed", { task: "t1", tries: 2 }),
    "1970-01-01T00:00:00.000Z warn  task failed task=t1 tries=2",
  );
});

Deno.test("createLog() writes one JSON object a line for collectors", () => {
  assert.deepEqual(JSON.parse(logged("json", "task failed", { task: "t1", tries: 2 })), {
    time: "1970-01-01T00:00:00.000Z",
    level: "warn",
    message: "task failed",
    task: "t1",
    tries: 2,
  });
});

for (const format of ["text", "json"] as const) {
  Deno.test(`createLog() keeps secrets secret (${format})`, () => {
    const line = logged(format, "call", { key: new Secret("sk-canary"), nested: { key: new Secret("sk-canary") } });
    assert.ok(!line.includes("sk-canary"), line);
    assert.ok(line.includes("[secret]"), line);
  });

  Deno.test(`createLog() cannot be made to forge a line (${format})`, () => {
    const line = logged(format, "call", { name: "x\n1970-01-01T00:00:00.000Z error forged" });
    assert.ok(!line.includes("\n"), line);
  });

  Deno.test(`createLog() tells an error with its cause (${format})`, () => {
    const line = logged(format, "run failed", { error: new Error("outer", { cause: new TypeError("inner") }) });
    assert.match(line, /outer/);
    assert.match(line, /inner/);
  });
}
