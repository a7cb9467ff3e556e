/** The settings of a client. The core reads and checks them; this file only names them for people and for TypeScript. */

/** What a client is built with. Needed are `name` (or `baseUrl`), `clientId`, `clientSecret`, and `username` with `password`. */
export interface Settings {
  /** The customer's application name: the server is `https://{name}.egito.pl`. */
  readonly name?: string | undefined;
  /** The server's address, instead of `name`. Plain `http://` is taken for loopback only. */
  readonly baseUrl?: string | undefined;
  /** Client id of the integration. */
  readonly clientId: string;
  /** Client secret of the integration. */
  readonly clientSecret: string;
  /** User name, `login@firma`. */
  readonly username?: string | undefined;
  /** The user's password. */
  readonly password?: string | undefined;
  /** A refresh token, used only where no password is given. */
  readonly refreshToken?: string | undefined;
  /** Where tokens are kept: `memory` (default), or the path of a file that processes of one machine share. */
  readonly tokenStore?: string | undefined;

  /** Longest time for a whole call with its repeats and pauses; for a list, for each page. Default 120,000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Longest time to open a connection. Default 10,000 ms. */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest silence before the first piece of an answer (connecting and sending included) and between two. Default 60,000 ms. */
  readonly readTimeoutMs?: number | undefined;

  /** How often a call may be repeated after its first attempt, where repeating is safe. Default 4; 0 means never. */
  readonly maxRetries?: number | undefined;
  /** Upper bound of the first pause before a repeat; it doubles with each. Default 500 ms. */
  readonly backoffBaseMs?: number | undefined;
  /** Upper bound of any such pause. Default 20,000 ms. */
  readonly backoffMaxMs?: number | undefined;
  /** Longest pause the server may ask for with `Retry-After`; beyond it the error comes at once. Default 120,000 ms. */
  readonly retryAfterMaxMs?: number | undefined;
  /** How long `close` waits for the calls in flight. Default 5,000. */
  readonly closeTimeoutMs?: number | undefined;

  /** Most requests at one time. Default 64. */
  readonly maxConcurrency?: number | undefined;
  /** Most requests in a second, evenly spaced. No limit by default. */
  readonly requestsPerSecond?: number | undefined;

  /** Records asked for in one request of a list. Default 500; servers may send fewer. */
  readonly pageSize?: number | undefined;
  /** Pages of a list asked for before they are wanted, once the second one is. Default 2; 0 means none. */
  readonly prefetch?: number | undefined;
  /** Records that each page has in common with the one before, so that rows which are deleted hide none. Default 1; 0 turns it off. */
  readonly pageOverlap?: number | undefined;
  /**
   * How decimals come out: as numbers (default), or with every digit, as strings or as {@link Decimal}s, which are written back as the
   * numbers that they were. Integers are exact in any case.
   */
  readonly decimals?: 'float' | 'string' | 'decimal' | undefined;
  /** Address of a proxy, or `env` for the usual environment variables (`HTTPS_PROXY`, `NO_PROXY` …). None by default. */
  readonly proxy?: string | undefined;
  /** PEM file of certificate authorities that are trusted besides the system's. */
  readonly caFile?: string | undefined;
  /** Largest answer that is read, in bytes after decompression. Default 256 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** Whether `onEvent` also hears of the start of each attempt. Default false. */
  readonly startEvents?: boolean | undefined;
  /** HTTP headers that every request has besides the client's own, logins included, such as `traceparent`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The `User-Agent` header. */
  readonly userAgent?: string | undefined;

  /** The `Accept-Language` header, e.g. `en`: the language of the server's messages. None is sent by default. */
  readonly acceptLanguage?: string | undefined;
  /** Decimal separator in form parameters. Default `.`; a server whose language is Polish reads `,`. */
  readonly formDecimal?: '.' | ',' | undefined;
  /** `scope` of the token request; none is sent by default. */
  readonly scope?: string | undefined;
  /** Where the token request carries its parameters. Default `form`: secrets in a URL end up in logs. */
  readonly tokenParams?: 'form' | 'query' | undefined;
  /** Where a call carries its token. Default `header`; `form` needs the body `form`, and all calls then go as POST. */
  readonly tokenIn?: 'header' | 'query' | 'form' | undefined;
  /** How calls carry a record: as `json` (default), or as a `form` with nested objects as `parent.child`. */
  readonly body?: 'json' | 'form' | undefined;
  /** Method of `get`. Default GET. */
  readonly readMethod?: 'GET' | 'POST' | undefined;
  /** Method of `delete`. Default POST. */
  readonly deleteMethod?: 'GET' | 'POST' | 'DELETE' | undefined;
  /** Parameter that carries the id. Default `id`. */
  readonly idParam?: string | undefined;
  /** Parameter that carries the page size. Default `max`. */
  readonly limitParam?: string | undefined;
  /** Parameter that carries the offset. Default `offset`. */
  readonly offsetParam?: string | undefined;
  /** Parameter that carries the field to sort by. Default `sort`. */
  readonly sortParam?: string | undefined;
  /** Parameter that carries the direction. Default `order`. */
  readonly orderParam?: string | undefined;
  /** Field to sort lists by where the caller names none, so that pages do not overlap. Default `id`; empty turns it off. */
  readonly defaultSort?: string | undefined;
  /** Key of the array in a list's answer, where it should not be detected. */
  readonly listKey?: string | undefined;
}
