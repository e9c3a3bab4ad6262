import type { Timers } from "../lib/timers.ts";

/** After a failed accept (such as too many open files) trying again at once would fail again. */
const PAUSE_MS = 100;

interface Acceptor<Connection> {
  accept(): Promise<Connection>;
}

/** Hands every connection to `take` until the listener is closed. */
export async function acceptLoop<Connection extends Deno.TcpConn | Deno.TlsConn>(
  listener: Acceptor<Connection>,
  take: (connection: Connection) => void,
  timers: Timers,
): Promise<void> {
  while (true) {
    try {
      const connection = await listener.accept();
      if ("setNoDelay" in connection) connection.setNoDelay(true);
      take(connection);
    } catch (thrown) {
      if (thrown instanceof Deno.errors.BadResource || thrown instanceof Deno.errors.Interrupted) return;
      await new Promise<void>((resolve) => timers.after(PAUSE_MS, resolve));
    }
  }
}
