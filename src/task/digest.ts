import { sha256 } from "../lib/sha256.ts";

/** SHA-256 of a JSON value, the same for every order of an object's members: gRPC gives a Struct's back in any order. */
export function digestOf(value: unknown): string {
  return sha256(canonical(value), "base64url");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => a < b ? -1 : 1);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
