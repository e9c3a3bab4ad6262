/** Below the ports that systems give out themselves (Linux: from 32768, IANA: from 49152). */
const FIRST = 15_000;
const COUNT = 17_000;

/**
 * A port that is free now, for a server that has to come back on the same one or tells its port to another. Nobody who
 * asks for any free port gets it, so it is still free a moment later, and while its server is down.
 */
export function freePort(): number {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (thrown) {
      if (!(thrown instanceof Deno.errors.AddrInUse)) throw thrown;
    }
  }
}
