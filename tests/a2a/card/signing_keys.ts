import { generateKeyPairSync } from "node:crypto";
import type { CardSecurity } from "../../../src/a2a/card/build_card.ts";
import { buildCard } from "../../../src/a2a/card/build_card.ts";
import { readSigningKey, type SigningKey } from "../../../src/a2a/card/signing_key.ts";

/** PEM texts of fresh keys, as openssl writes them. */
export const EC_PEM = String(
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }),
);
export const SEC1_PEM = String(
  generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ type: "sec1", format: "pem" }),
);
export const ED_PEM = String(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));
export const RSA_PEM = String(
  generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }),
);

export function freshKey(kid?: string): SigningKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  return readSigningKey({ text: String(privateKey.export({ type: "pkcs8", format: "pem" })), kid });
}

export const BASE_URL = "https://agents.example";

/** A card of which all readings of the specification agree, and one that has empty members where it must. */
export function cardUnderTest(security?: CardSecurity) {
  return buildCard({
    id: "desk",
    name: "Schreibtisch – 机",
    description: "Answers <questions> & more",
    version: "1.0.0",
    baseUrl: BASE_URL,
    skills: [{ id: "answer", name: "Answer", description: "Answers questions", tags: ["general"], examples: ["Why?"] }],
    security,
  });
}

/** Any one of its requirements is enough, and no scheme has scopes: many empty lists and objects. */
export const SECURITY: CardSecurity = {
  schemes: {
    BearerAuth: { httpAuthSecurityScheme: { scheme: "bearer", bearerFormat: "JWT" } },
    Client: {
      oauth2SecurityScheme: { flows: { clientCredentials: { tokenUrl: "https://auth.example/token", scopes: {} } } },
    },
  },
  requirements: [{ schemes: { BearerAuth: { list: [] } } }, { schemes: {} }],
};
