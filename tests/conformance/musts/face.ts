import type { FindTarget, Target } from "../../../src/a2a/bindings/binding.ts";
import { type A2AService, ANONYMOUS, type Caller } from "../../../src/a2a/service.ts";
import type { Operation } from "../../../src/a2a/operations.ts";
import type { StreamResponse } from "../../../src/a2a/types.ts";
import { caller } from "../../task/house.ts";

export type Params = Readonly<Record<string, unknown>>;

export interface Asked {
  /** Headers of HTTP, metadata of gRPC, headers of a socket's upgrade. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In whose name; anonymous where nobody is named. */
  readonly as?: string;
}

/** A service behind one binding, met by a peer that knows nothing of its inside. */
export interface Face {
  readonly name: string;
  /** The answer of a unary operation. Throws Refused. */
  ask(operation: Operation, params: Params, asked?: Asked): Promise<unknown>;
  /** The events of a streaming operation as they come; who stops reading hangs up. Throws Refused. */
  watch(operation: Operation, params: Params, asked?: Asked): AsyncGenerator<StreamResponse, void, undefined>;
}

/** What an error said on the wire. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(
    /** The reason of google.rpc.ErrorInfo, or what else stands for it. */
    readonly reason: string,
    text: string,
    /** The fields of google.rpc.BadRequest. */
    readonly fields: readonly string[] = [],
  ) {
    super(text);
  }
}

/** For assert.rejects. */
export function isRefused(reason: string, ...fields: string[]): (thrown: unknown) => boolean {
  return (thrown) => {
    if (!(thrown instanceof Refused)) throw thrown;
    if (thrown.reason !== reason || fields.some((field) => !thrown.fields.includes(field))) {
      throw new Error(`Expected ${reason} [${fields}], got ${thrown.reason} [${thrown.fields}]: ${thrown.message}`);
    }
    return true;
  };
}

/** Stands for a guard: the name in `authorization` is who calls. */
export function callerOf(authorization: string | null | undefined): Caller {
  return authorization === null || authorization === undefined ? ANONYMOUS : caller(authorization);
}

export function headersOf({ headers, as }: Asked = {}): Record<string, string> {
  return { "a2a-version": "1.0", ...headers, ...(as === undefined ? {} : { authorization: as }) };
}

export function extensionsOf(listed: string | null | undefined): string[] {
  return (listed ?? "").split(",").map((uri) => uri.trim()).filter((uri) => uri !== "");
}

export function findIn(service: A2AService, { headers, signal }: Request): FindTarget {
  const extensions = extensionsOf(headers.get("a2a-extensions") ?? headers.get("x-a2a-extensions"));
  const target: Target = { service, call: { signal, caller: callerOf(headers.get("authorization")), extensions } };
  return () => target;
}
