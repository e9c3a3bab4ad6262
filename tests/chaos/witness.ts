/** Counts what tools did, outside of everything that may be killed. */
export interface Witness extends AsyncDisposable {
  readonly url: string;
  /** How often each key (the path of a request) was asked for. */
  readonly counts: ReadonlyMap<string, number>;
  /** Keys of the requests that are under way. */
  readonly underWay: ReadonlyMap<string, number>;
}

/** Every request takes `delayMs` from its arrival, which is what counts, to its answer. */
export function openWitness(delayMs: () => number, answer: (key: string) => string = () => "done"): Witness {
  const counts = new Map<string, number>();
  const underWay = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, by: number) => to.set(key, (to.get(key) ?? 0) + by);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async ({ url }) => {
    const key = new URL(url).pathname.slice(1);
    add(counts, key, 1);
    add(underWay, key, 1);
    await new Promise((resolve) => setTimeout(resolve, delayMs()));
    add(underWay, key, -1);
    return new Response(answer(key));
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    counts,
    underWay,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
