/**
 * What no file tool reads or writes unless its options say otherwise: credentials, and folders whose content decides
 * what other programs run (a hook in `.git` is a program).
 */
export const DENIED_PATHS: readonly string[] = [
  ".env",
  ".env.*",
  "*.env",
  "!.env.example",
  "!.env.sample",
  "!.env.template",
  ".git",
  ".hg",
  ".svn",
  ".hector",
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".kube",
  ".docker",
  ".netrc",
  "_netrc",
  ".npmrc",
  ".pypirc",
  ".pgpass",
  ".git-credentials",
  ".htpasswd",
  "id_{rsa,dsa,ecdsa,ed25519}",
  "*.{pem,key,p12,pfx,jks,keystore,kdbx}",
];
