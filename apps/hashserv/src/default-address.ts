/** Where the server listens, and the client looks for one, unless told: as `bitbake-hashserv` and `bitbake-hashclient` have it. */
export const DEFAULT_ADDRESS = "unix://./hashserve.sock";
