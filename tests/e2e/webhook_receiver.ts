/** What a receiver was sent. */
export interface Received {
  readonly path: string;
  readonly headers: Headers;
  readonly key: string;
  // deno-lint-ignore no-explicit-any -- whatever came over the wire
  readonly body: any;
}

export interface WebhookReceiver {
  readonly url: string;
  /** In the order of their arrival, whatever they were answered. */
  readonly received: readonly Received[];
  /** Resolves when what was received holds. */
  until(holds: (received: readonly Received[]) => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** A real receiver on loopback. `answer` may take its time. */
export function startReceiver(
  answer: (received: Received, count: number) => Response | Promise<Response> = () => new Response(),
): WebhookReceiver {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const gone = new AbortController();
  const options = { hostname: "127.0.0.1", port: 0, signal: gone.signal, onListen: () => {} };
  const server = Deno.serve(options, async (request) => {
    const { headers } = request;
    const path = new URL(request.url).pathname;
    const one = { path, headers, key: headers.get("idempotency-key") ?? "", body: await request.json() };
    const count = received.push(one);
    for (const look of waiting) look();
    return await answer(one, count);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    received,
    until: async (holds) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => holds(received) && resolve();
      waiting.add(look);
      look();
      await promise;
      waiting.delete(look);
    },
    stop: async () => {
      gone.abort();
      await server.finished;
    },
  };
}
