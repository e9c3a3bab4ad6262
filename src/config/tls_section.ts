import { z } from "zod";
import { lateSchema } from "../lib/late_schema.ts";
import { Text } from "./names.ts";

export const TlsSection = lateSchema(() =>
  z.strictObject({
    enabled: z.boolean().default(true).describe("false: serve without TLS although certificates are named."),
    cert_file: Text.describe("PEM file of the certificate, and behind it those that lead to its authority."),
    key_file: Text.describe("PEM file of its private key, without a passphrase."),
    client_ca_file: Text.optional().describe(
      "PEM file of authorities. Callers then have to show a certificate that one of them has signed (mutual TLS), probes " +
        "too. Default: callers need none.",
    ),
    min_version: z.enum(["1.2", "1.3"]).default("1.2").describe("Older versions of TLS are refused."),
  })
);
