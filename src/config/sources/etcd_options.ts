import { z } from "zod";
import { SecretText } from "../../lib/secret.ts";
import { Endpoints } from "./endpoint.ts";
import { TlsOptions } from "./tls.ts";

export const EtcdOptions = z.strictObject({
  key: z.string().min(1).meta({ description: "The key, such as /hector/production" }),
  endpoints: Endpoints.default([]).meta({ description: "Members of the cluster; default localhost:2379" }),
  username: z.string().min(1).optional(),
  password: SecretText.optional(),
  tls: TlsOptions.optional(),
}).refine(
  ({ username, password }) => (username === undefined) === (password === undefined),
  "username and password go together",
);
export type EtcdOptions = z.output<typeof EtcdOptions>;
