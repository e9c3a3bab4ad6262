import type { Config } from "./config.ts";
import { ConfigError } from "./config_error.ts";
import { finishConfig, type FinishRequest } from "./finish_config.ts";
import type { ReadText } from "./interpolate.ts";
import { type Piece, toProblems } from "./pieces.ts";
import { readPieces } from "./read_pieces.ts";

interface Common extends FinishRequest {
  /** For `${file:PATH}`; absent where no files can be read. */
  readonly readText?: ReadText;
}

/** Several pieces, which are merged in their order, or one. */
export type LoadRequest = Common & ({ readonly pieces: readonly Piece[] } | Piece);

/** Text → Config. Throws ConfigError with everything that is wrong; never anything else, whatever the text. */
export function loadConfig(request: LoadRequest): Config {
  const { tree, findings, locate } = readPieces({ ...request, pieces: piecesOf(request) });
  const config = tree === undefined ? undefined : finishConfig(tree, request, findings);
  if (config === undefined) throw new ConfigError(toProblems(findings, locate));
  return config;
}

export function piecesOf(request: { readonly pieces: readonly Piece[] } | Piece): readonly Piece[] {
  return "pieces" in request ? request.pieces : [{ file: request.file, text: request.text }];
}
