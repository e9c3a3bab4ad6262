import { Readable, Writable } from "node:stream";
import { connect } from "node:tls";
import type { Connection } from "../lib/http1.ts";
import type { Endpoint } from "../lib/safe_fetch.ts";

/** A connection over TLS to a peer that need not prove who it is: only for who has asked for that. */
export async function connectUnverified(
  { address, port, tlsName = address }: Endpoint,
  signal: AbortSignal,
): Promise<Connection> {
  signal.throwIfAborted();
  const isName = /[a-z]/i.test(tlsName) && !tlsName.includes(":");
  const socket = connect({
    host: address,
    port,
    ...(isName ? { servername: tlsName } : {}),
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const leave = () => reject(signal.reason);
  signal.addEventListener("abort", leave);
  socket.once("secureConnect", resolve);
  socket.on("error", reject);
  try {
    await promise;
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  } finally {
    signal.removeEventListener("abort", leave);
  }
  return { readable: Readable.toWeb(socket), writable: Writable.toWeb(socket), close: () => void socket.destroy() };
}
