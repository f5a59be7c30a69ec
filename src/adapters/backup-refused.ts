// Why a backup is not made, not read or not restored: something a person can mend, in words that follow the file's name.

export class BackupRefused extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'BackupRefused';
  }
}
