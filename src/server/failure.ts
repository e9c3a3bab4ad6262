import { type BindingDeps, reported, signsOf } from "../a2a/bindings/binding.ts";
import { jsonRpcFailure } from "../a2a/bindings/jsonrpc.ts";
import { unread } from "../a2a/bindings/jsonrpc_request.ts";
import { restFailure } from "../a2a/bindings/rest.ts";
import { chooseDialect } from "../a2a/dialects/choose.ts";
import type { DialectName } from "../a2a/dialects/dialect.ts";
import type { FaceContext } from "./face.ts";

/** Hector's second API reference has messages here; the clients of A2A 0.3 tell their version or ask below `/agents`. */
const OLDER_PATH = /^\/v1\/agents\/[^/]+\/message:/;

/** What is thrown outside of the bindings, in the form of the binding that was asked. */
export function failure(thrown: unknown, { req, var: { isRpc } }: FaceContext, deps: BindingDeps): Response {
  const error = reported(thrown, deps.log);
  if (isRpc) return jsonRpcFailure(error, unread(deps, req.raw).dialect);
  return restFailure(error, deps.dialects[dialectOf(req.raw)].rest, req.raw);
}

/** The dialect of what no binding answers: by what the peer names or the path tells, else the newest words. */
export function dialectOf(request: Request): DialectName {
  try {
    const otherwise = OLDER_PATH.test(new URL(request.url).pathname) ? "hector_v1_rest" : "a2a_v1";
    return chooseDialect({ ...signsOf(request), url: request.url, otherwise });
  } catch {
    // The request names a version or a dialect that does not exist; it is refused for that elsewhere, if at all.
    return "a2a_v1";
  }
}
