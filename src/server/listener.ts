import { networkReason } from "../lib/network_reason.ts";
import type { Peer } from "../lib/peer.ts";
import { SettingError } from "../lib/setting_error.ts";

export const LOOPBACK = "127.0.0.1";

/** A bound HTTP socket. */
export interface Listener {
  readonly port: number;
  /** Stops accepting, waits for the requests under way. */
  stop(): Promise<void>;
}

/** The address or the certificate cannot be used; the message says which and what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** How a request came in. */
export interface Arrival extends Peer {
  /** The peer's own. */
  readonly port: number;
  /** Resolves when the answer has been sent in full, rejects when it cannot be. */
  readonly completed: Promise<void>;
}

export interface ListenOptions {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What a user changes to choose another port. Default: --port. */
  readonly setting?: string;
  readonly fetch: (request: Request, arrival: Arrival) => Response | Promise<Response>;
  /** What a throw of `fetch` is answered with; it must not tell the cause. */
  readonly onError: (error: unknown) => Response;
}

/** Binds `hostname:port` for HTTP. Throws ListenError if it is taken or not allowed. */
export function listen({ hostname, port, setting = "--port", fetch, onError }: ListenOptions): Listener {
  return explained({ hostname, port, setting }, () => {
    const server = Deno.serve(
      { hostname, port, onListen: () => {}, onError },
      (request, { remoteAddr, completed }) =>
        fetch(request, { address: remoteAddr.hostname, port: remoteAddr.port, completed }),
    );
    return { port: server.addr.port, stop: () => server.shutdown() };
  });
}

export interface Address {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What a user changes to choose another port. */
  readonly setting: string;
}

/** Binds a plain TCP port. Throws ListenError if it is taken or not allowed, SettingError if there is no such address. */
export function bind(address: Address): Deno.TcpListener {
  const { hostname, port } = address;
  return explained(address, () => Deno.listen({ hostname, port }));
}

function explained<T>({ hostname, port, setting }: Address, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrInUse) {
      throw new ListenError(`Cannot listen on ${hostname}:${port}: it is in use; choose another with ${setting}`, {
        cause,
      });
    }
    if (cause instanceof Deno.errors.PermissionDenied) {
      throw new ListenError(`Cannot listen on ${hostname}:${port}: ${cause.message}`, { cause });
    }
    const reason = cause instanceof Deno.errors.AddrNotAvailable
      ? "it is no address of this machine"
      : networkReason(cause);
    if (reason === undefined) throw cause;
    throw new SettingError(`Cannot listen on ${hostname}:${port}: ${reason}; choose another with --host`, { cause });
  }
}
