import { resolve } from "node:path";
import { z } from "zod";
import { SourceError } from "./source_error.ts";

/** PEM files, read again for each connection, so that renewed certificates are taken up. */
export const TlsOptions = z.strictObject({
  ca: z.string().min(1).optional().meta({
    description: "PEM file of the authorities that sign the server's certificate",
  }),
  cert: z.string().min(1).optional().meta({ description: "PEM file of the client's certificate" }),
  key: z.string().min(1).optional().meta({ description: "PEM file of the client's private key" }),
}).refine(({ cert, key }) => (cert === undefined) === (key === undefined), "cert and key go together");
export type TlsOptions = z.output<typeof TlsOptions>;

/** What Deno takes for a connection. Without authorities it trusts the system's. */
export type TlsMaterial = { caCerts?: string[]; cert: string; key: string } | { caCerts?: string[] };

/** Reads what the options name. Throws SourceError. */
export async function readTls(options: TlsOptions, directory: string): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([options.ca, options.cert, options.key].map(async (path) => {
    if (path === undefined) return undefined;
    try {
      return await Deno.readTextFile(resolve(directory, path));
    } catch (thrown) {
      throw new SourceError("unreadable", `Cannot read the TLS file "${path}"`, { cause: thrown });
    }
  }));
  const authorities = ca === undefined ? {} : { caCerts: [ca] };
  return cert === undefined || key === undefined ? authorities : { ...authorities, cert, key };
}
