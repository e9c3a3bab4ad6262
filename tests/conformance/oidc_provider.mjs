// An OpenID provider in Node, on oidc-provider: started by oidc.ts with the folder of its packages, a port and the name of
// its key. Prints a line when it listens. Its access tokens are JSON Web Tokens (RFC 9068) for the audience `hector-api`.
import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, port, kid] = process.argv.slice(2);
const require = createRequire(`${packages}/package.json`);
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" }] },
  clients: ["service", "other"].map((client_id) => ({
    client_id,
    client_secret: "a secret of the client",
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
  })),
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "urn:hector:api",
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => ({
        scope: "agents:call",
        audience: resource === "urn:hector:api" ? "hector-api" : "another-api",
        accessTokenFormat: "jwt",
        accessTokenTTL: 300,
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
  extraTokenClaims: (_context, { clientId }) => ({ tenant_id: `tenant-of-${clientId}`, roles: ["caller"] }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
