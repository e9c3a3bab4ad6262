import { parseArgs } from "node:util";

/** Reads the numbers of a long run from the command line (`--kills 30`). Unnamed ones are as given. */
export function numbersOf(defaults: Readonly<Record<string, number>>): (name: string) => number {
  const names = Object.keys(defaults);
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" } as const]));
  const values = new Map(Object.entries(parseArgs({ options }).values));
  return (name) => Number(values.get(name) ?? defaults[name]);
}

/** What says how a server is killed again and again. */
export function killsOf(defaults: { readonly clients: number; readonly maxLifeMs: number }) {
  const { clients, maxLifeMs } = defaults;
  const number = numbersOf({ kills: 30, clients, life: maxLifeMs, seed: Date.now() % 100_000 });
  return { kills: number("kills"), clients: number("clients"), maxLifeMs: number("life"), seed: number("seed") };
}

/** Tells the first failures, or that all was well, and ends the process: with 1 if there were any. */
export function conclude(failures: readonly string[], allWell: string): never {
  for (const failure of failures.slice(0, 20)) console.error(`FAILED: ${failure}`);
  console.log(failures.length === 0 ? allWell : `${failures.length} failures`);
  Deno.exit(failures.length === 0 ? 0 : 1);
}
