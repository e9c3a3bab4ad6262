import { join } from "node:path";
import { z } from "zod";

/** What the kit for 1.0 writes of a run; that for 0.3 writes nothing. */
const KitReport = z.object({
  per_requirement: z.record(
    z.string(),
    z.object({ level: z.string(), transports: z.record(z.string(), z.string()) }),
  ),
});

type KitReport = z.infer<typeof KitReport>;

export async function readReports(folder: string): Promise<readonly KitReport[]> {
  const names = [];
  for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".json")) names.push(name);
  return await Promise.all(
    names.toSorted().map(async (name) => KitReport.parse(JSON.parse(await Deno.readTextFile(join(folder, name))))),
  );
}

/** All runs as one: a requirement passes if it was seen over a transport in any of them, and failed over none. */
export function summaryOf(reports: readonly KitReport[]): string {
  const seen = new Map<string, { readonly level: string; readonly verdicts: Set<string> }>();
  for (const { per_requirement } of reports) {
    for (const [id, { level, transports }] of Object.entries(per_requirement)) {
      const { verdicts } = seen.get(id) ?? { verdicts: new Set<string>() };
      for (const verdict of Object.values(transports)) verdicts.add(verdict);
      seen.set(id, { level, verdicts });
    }
  }
  const levels = [...new Set([...seen.values()].map(({ level }) => level))].toSorted();
  return levels.map((level) => {
    const all = [...seen].filter(([, found]) => found.level === level);
    const failed = all.filter(([, { verdicts }]) => verdicts.has("FAIL"));
    const passed = all.filter(([, { verdicts }]) => verdicts.has("PASS") && !verdicts.has("FAIL"));
    const rest = all.filter(([, { verdicts }]) => !verdicts.has("PASS") && !verdicts.has("FAIL"));
    const named = (title: string, rows: typeof all) =>
      rows.length === 0 ? "" : `, ${rows.length} ${title}: ${rows.map(([id]) => id).join(" ")}`;
    return `${level}: ${passed.length} of ${all.length} pass${named("fail", failed)}${named("without a test", rest)}`;
  }).join("\n");
}
