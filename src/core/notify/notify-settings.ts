// Who is told of alerts, how, and of how many.

interface NotifyParts {
  /** Names of detectors; null: all of them. */
  readonly detectors: readonly string[] | null;
  /** Alerts of a day that are told one by one; the others come in one message at its end. */
  readonly budget: number;
  readonly trustFile: string | null;
}

export interface WebhookSettings extends NotifyParts {
  readonly kind: 'webhook';
  /** Whoever knows it may post there, so it is a secret. */
  readonly url: string;
  readonly as: 'json' | 'slack' | 'teams';
  /** The header Authorization; null: none. */
  readonly authorization: string | null;
}

export interface MailSettings extends NotifyParts {
  readonly kind: 'mail';
  readonly to: string;
  readonly from: string;
  readonly host: string;
  readonly port: number;
  /** From the first byte, by STARTTLS or not at all; without it the server gets nothing. `none` is for this machine's own. */
  readonly tls: 'at-once' | 'starttls' | 'none';
  readonly user: string | null;
  readonly password: string | null;
}

export interface NotifySyslogSettings extends NotifyParts {
  readonly kind: 'syslog';
  readonly host: string;
  readonly port: number;
  readonly certificateFile: string | null;
  readonly keyFile: string | null;
}

export type NotifySettings = WebhookSettings | MailSettings | NotifySyslogSettings;
