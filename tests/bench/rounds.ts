import { type Load, type LoadResult, runLoad } from "./load.ts";
import { median, type Quantiles } from "./quantiles.ts";
import type { Effort } from "./report.ts";

/** Each load once in every round, so that whatever else the machine does meets all of them; round n begins with another one. */
export async function interleaved(
  loads: ReadonlyMap<string, Omit<Load, "seconds" | "warmUpSeconds">>,
  { rounds, seconds, warmUpSeconds }: Effort,
): Promise<ReadonlyMap<string, readonly LoadResult[]>> {
  const results = new Map<string, LoadResult[]>([...loads.keys()].map((name) => [name, []]));
  const order = [...loads];
  for (let round = 0; round < rounds; round++) {
    for (const [name, load] of order) {
      results.get(name)?.push(await runLoad({ ...load, seconds, warmUpSeconds }));
    }
    order.push(...order.splice(0, 1));
  }
  return results;
}

/** The median over the rounds of what two loads of one round have to do with each other. */
export function paired(
  ones: readonly LoadResult[],
  others: readonly LoadResult[] | undefined,
  compare: (one: LoadResult, other: LoadResult) => number,
): number | undefined {
  if (others === undefined) return undefined;
  return median(ones.flatMap((one, round) => {
    const other = others[round];
    return other === undefined ? [] : [compare(one, other)];
  }));
}

/** The median over the rounds of each quantile. */
export function medianQuantiles(all: readonly Quantiles[]): Quantiles {
  return {
    p50: median(all.map(({ p50 }) => p50)),
    p95: median(all.map(({ p95 }) => p95)),
    p99: median(all.map(({ p99 }) => p99)),
  };
}

/** How many requests of a load failed in all rounds; in a good run 0. */
export function failures(results: readonly LoadResult[]): number {
  return results.reduce((sum, { errors }) => sum + errors, 0);
}
