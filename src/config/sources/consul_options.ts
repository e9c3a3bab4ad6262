import { z } from "zod";
import { SecretText } from "../../lib/secret.ts";
import { Endpoints } from "./endpoint.ts";
import { TlsOptions } from "./tls.ts";

export const ConsulOptions = z.strictObject({
  key: z.string().min(1).meta({ description: "Path in the KV store, such as hector/production" }),
  endpoints: Endpoints.default([]).meta({ description: "Agents that stand in for each other; default localhost:8500" }),
  token: SecretText.optional(),
  tls: TlsOptions.optional(),
});
export type ConsulOptions = z.output<typeof ConsulOptions>;
