import { A2AError } from "../a2a/errors.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host.toLowerCase()) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function hostName(header: string): string {
  return header.replace(/:\d+$/, "").replace(/\.$/, "").toLowerCase();
}

/**
 * Guards a server that listens on loopback only against DNS rebinding: a page of a foreign site whose name now points to
 * 127.0.0.1 would otherwise talk to it as if it were local. `publicUrl` names a host that a proxy in front may pass on.
 */
export function createHostCheck({ listensOn, publicUrl }: {
  readonly listensOn: string;
  readonly publicUrl: string | undefined;
}): (request: Request) => void {
  if (!isLoopback(listensOn)) return () => {};
  const allowed = publicUrl === undefined ? undefined : new URL(publicUrl).hostname.toLowerCase();
  return (request) => {
    const host = hostName(request.headers.get("host") ?? "localhost");
    if (isLoopback(host) || host === allowed) return;
    throw new A2AError("PERMISSION_DENIED", `Host "${host}" is not served here: set server.public_url to allow it`);
  };
}
