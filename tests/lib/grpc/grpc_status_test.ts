import assert from "node:assert/strict";
import { GRPC_STATUS, readStatus, statusTrailers } from "../../../src/lib/grpc/grpc_status.ts";

for (const message of ["plain", "100 %", "ä – 🙂", "two\nlines", ""]) {
  Deno.test(`readStatus() reads what statusTrailers() writes: ${JSON.stringify(message)}`, () => {
    assert.deepEqual(readStatus(new Map(statusTrailers("NOT_FOUND", message))), { status: "NOT_FOUND", message });
  });
}

Deno.test("readStatus() knows every status", () => {
  for (const [name, code] of Object.entries(GRPC_STATUS)) {
    assert.equal(readStatus(new Map([["grpc-status", String(code)]])).status, name);
  }
});

const ODD: readonly (readonly [fields: Record<string, string>, message: string])[] = [
  [{}, "The answer ended without a status"],
  [{ "grpc-status": "17" }, "The answer ended without a status"],
  [{ "grpc-status": "x", "grpc-message": "What %zz %4" }, "What %zz %4"],
];
for (const [fields, message] of ODD) {
  Deno.test(`readStatus() makes UNKNOWN of ${JSON.stringify(fields)}`, () => {
    assert.deepEqual(readStatus(new Map(Object.entries(fields))), { status: "UNKNOWN", message });
  });
}
