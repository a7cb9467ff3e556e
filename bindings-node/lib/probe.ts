/** The report of a probe. */

import { withCamelCaseKeys } from './errors.js';

/** Options of {@link Client.probe}. */
export interface ProbeOptions {
  /** Entities whose lists are read. Default: `Account`, `Contact`, `Lead` and `Opportunity`. */
  readonly entities?: readonly string[] | undefined;
  /** Also creates, changes and deletes one marked test record of this entity. */
  readonly write?: string | undefined;
  /** Fields of the test record, if the entity requires others than `name` and `lastName`. */
  readonly record?: Readonly<Record<string, unknown>> | undefined;
  /** Maximum duration of the probe in milliseconds. Default: 120,000. Checks that are not made in time are skipped. */
  readonly timeoutMs?: number | undefined;
  /** Signal that cancels the probe. */
  readonly signal?: AbortSignal | undefined;
}

/** One check of a {@link ProbeReport}. */
export interface ProbeCheck {
  /** Stable name, such as `list_offset`. */
  readonly name: string;
  /** The entity that was checked, if the check is about one. */
  readonly entity: string | null;
  /**
   * `ok`; `skipped`: the message says why; `unknown`: the server does not show it; `warning`: it works, with a restriction;
   * `problem`: it does not work.
   */
  readonly status: 'ok' | 'skipped' | 'unknown' | 'warning' | 'problem';
  /** The observation. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string | null;
  /** Mark in the wire contract: `A` if the check is about an assumption; empty otherwise. */
  readonly mark: string;
}

/** The parts of a report as the core writes them. */
export interface ReportJson {
  readonly version: string;
  readonly checks: readonly ProbeCheck[];
  readonly settings: Record<string, unknown>;
  readonly facts: Record<string, unknown>;
  readonly requests: number;
  readonly elapsed: number;
  readonly is_ok: boolean;
  readonly text: string;
  readonly toml: string;
  readonly snippets: Readonly<Record<string, string>>;
}

/** The result of {@link Client.probe}. It contains no secrets and no data of the customer. */
export class ProbeReport {
  /** Version of this library. */
  readonly version: string;
  /** The checks. */
  readonly checks: readonly ProbeCheck[];
  /** The settings that this server needs and whose defaults differ, for `new Client({ ...report.settings, … })`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Observations, such as `list_form` and `page_cap`, by name. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Number of requests that were sent, logins included. */
  readonly requests: number;
  /** Duration of the probe in seconds. */
  readonly elapsed: number;
  /** Whether no check found a problem. */
  readonly isOk: boolean;
  /**
   * The settings for this server in each form: `toml`, `env` (environment variables), and code that creates a client in `node`, `python`,
   * `rust` and other languages.
   */
  readonly snippets: Readonly<Record<string, string>>;
  readonly #text: string;
  readonly #toml: string;

  /** @internal Created by {@link Client.probe}. */
  constructor(report: ReportJson) {
    this.version = report.version;
    this.checks = report.checks;
    this.settings = withCamelCaseKeys(report.settings);
    this.facts = report.facts;
    this.requests = report.requests;
    this.elapsed = report.elapsed;
    this.isOk = report.is_ok;
    this.snippets = report.snippets;
    this.#text = report.text;
    this.#toml = report.toml;
  }

  /** Returns the first check with this name. */
  check(name: string): ProbeCheck | undefined {
    return this.checks.find((check) => check.name === name);
  }

  /** Returns the report as text for people. */
  toText(): string {
    return this.#text;
  }

  /** Returns the settings for this server as a TOML file, for `Client.fromFile`. It has no address and no credentials. */
  toToml(): string {
    return this.#toml;
  }
}
