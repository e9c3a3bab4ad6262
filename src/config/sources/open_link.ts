import type { Endpoint } from "./endpoint.ts";
import type { Pace } from "./pause.ts";
import { SourceError } from "./source_error.ts";
import { readTls, type TlsOptions } from "./tls.ts";
import { within } from "./within.ts";

const CONNECT_MS = 5_000;

export interface LinkOptions {
  /** Of the backend, for errors. */
  readonly title: string;
  readonly endpoint: Endpoint;
  readonly tls: TlsOptions | undefined;
  /** Absolute folder at which paths of certificates begin. */
  readonly directory: string;
}

/** A TCP or TLS connection, its handshake done. */
export async function openLink({ title, endpoint, tls, directory }: LinkOptions, pace: Pace): Promise<Deno.Conn> {
  const { hostname, port, secure, name } = endpoint;
  const material = secure ? await readTls(tls ?? {}, directory) : {};
  const expired = () =>
    new SourceError("unreachable", `Cannot reach ${title} at ${name}: no answer within ${CONNECT_MS / 1000} s`);
  return await within(CONNECT_MS, async (signal) => {
    const plain = await Deno.connect({ hostname, port, signal });
    if (!secure) return plain;
    const close = () => plain.close();
    signal.addEventListener("abort", close, { once: true });
    try {
      const link = await Deno.startTls(plain, { hostname, ...material });
      await link.handshake();
      return link;
    } finally {
      signal.removeEventListener("abort", close);
    }
  }, { ...pace, expired });
}
