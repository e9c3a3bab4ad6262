/*
 * The package as ES modules, which it keeps for browsers: as CommonJS, which Deno would choose, it takes three times as long
 * to load, and brings half of Node's own library with it.
 */
// @ts-types="npm:yaml@2.9.1"
export {
  Composer,
  isAlias,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  stringify,
} from "../../node_modules/yaml/browser/index.js";
