import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import { challenge, RefusedCredential } from "../../src/guard/refused_credential.ts";

Deno.test("RefusedCredential is UNAUTHENTICATED on every binding", () => {
  const refused = new RefusedCredential("The token has expired", "invalid_token");
  assert.equal(A2AError.from(refused), refused);
  assert.equal(refused.reason, "UNAUTHENTICATED");
});

Deno.test("a challenge tells an error only where a credential was shown (RFC 6750 §3.1)", () => {
  assert.equal(challenge(), 'Bearer realm="hector"');
  assert.equal(new RefusedCredential("Show one").challenge, 'Bearer realm="hector"');
  assert.equal(
    new RefusedCredential("The token has expired", "invalid_token").challenge,
    'Bearer realm="hector", error="invalid_token", error_description="The token has expired"',
  );
});

Deno.test("a challenge stays one header, whatever its words", () => {
  const { challenge } = new RefusedCredential('The claim "a\\b\r\nX-Evil: 1" \u00e4', "invalid_token");
  assert.equal(
    challenge,
    `Bearer realm="hector", error="invalid_token", error_description="The claim 'a?b??X-Evil: 1' ?"`,
  );
  assert.equal(new Headers({ "www-authenticate": challenge }).get("www-authenticate"), challenge);
});
