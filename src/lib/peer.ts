/** Who is at the other end of a connection. */
export interface Peer {
  /** The IP address from which the connection came: a proxy's, if there is one in front. */
  readonly address: string;
}
