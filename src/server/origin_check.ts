import { A2AError } from "../a2a/errors.ts";
import { isLoopback } from "./host_check.ts";

/**
 * Guards the sockets of a server that listens on loopback only: a browser lets the page of any site open one, without
 * asking the server first, and would hand it what only this machine may see. A page of this machine, or of `publicUrl`, may.
 */
export function createOriginCheck({ listensOn, publicUrl }: {
  readonly listensOn: string;
  readonly publicUrl: string | undefined;
}): (request: Request) => void {
  if (!isLoopback(listensOn)) return () => {};
  const allowed = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  return ({ headers }) => {
    const origin = headers.get("origin");
    // No browser: whoever sets its headers itself can say what it likes.
    if (origin === null) return;
    const from = hostOf(origin);
    if (from !== undefined && (isLoopback(from) || from === allowed)) return;
    throw new A2AError(
      "PERMISSION_DENIED",
      `Cannot open a socket for a page of ${JSON.stringify(origin.slice(0, 200))}: set server.public_url to allow it`,
    );
  };
}

/** `null`, as sandboxed pages and files say, is no host. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).hostname : undefined;
}
