import { z } from "zod";
import { SecretText } from "../../lib/secret.ts";
import { Endpoints } from "./endpoint.ts";
import { TlsOptions } from "./tls.ts";

export const ZooKeeperOptions = z.strictObject({
  path: z.string().regex(/^\/(?!.*\/$)[^\0]+$/, "expected a path that begins with / and names a node").meta({
    description: "The node, such as /hector/config",
  }),
  endpoints: Endpoints.default([]).meta({ description: "Servers of the ensemble; default localhost:2181" }),
  username: z.string().regex(/^[^:]+$/).optional().meta({ description: "For the digest scheme of ACLs" }),
  password: SecretText.optional(),
  tls: TlsOptions.optional(),
}).refine(
  ({ username, password }) => (username === undefined) === (password === undefined),
  "username and password go together",
);
export type ZooKeeperOptions = z.output<typeof ZooKeeperOptions>;
