import assert from "node:assert/strict";
import { readReports, summaryOf } from "./kit_report.ts";

function report(rows: Readonly<Record<string, readonly [level: string, ...verdicts: string[]]>>) {
  const entries = Object.entries(rows).map(([id, [level, ...verdicts]]) =>
    [id, {
      level,
      transports: Object.fromEntries(verdicts.map((verdict, at) => [`t${at}`, verdict])),
    }] as const
  );
  return { per_requirement: Object.fromEntries(entries) };
}

Deno.test("summaryOf() counts a requirement as passed that one profile shows and none refutes", () => {
  const full = report({
    A: ["MUST", "PASS"],
    B: ["MUST", "SKIPPED"],
    C: ["MUST", "PASS"],
    D: ["MAY", "PASS"],
    E: ["MUST"],
  });
  const other = report({ A: ["MUST", "SKIPPED"], B: ["MUST", "PASS", "PASS"], C: ["MUST", "PASS", "FAIL"] });
  assert.equal(
    summaryOf([full, other]),
    "MAY: 1 of 1 pass\nMUST: 2 of 4 pass, 1 fail: C, 1 without a test: E",
  );
});

Deno.test("readReports() reads what the kit wrote for each profile, and nothing of kits that write nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    assert.deepEqual(await readReports(folder), []);
    const written = report({ A: ["MUST", "PASS"] });
    await Deno.writeTextFile(`${folder}/full.json`, JSON.stringify({ ...written, summary: {} }));
    assert.deepEqual(await readReports(folder), [written]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
