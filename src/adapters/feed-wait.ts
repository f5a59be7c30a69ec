// Why a receiver cannot have a message now, and how long it asked to be left alone.

export class ReceiverBusy extends Error {
  readonly waitMilliseconds: number;

  constructor(message: string, waitMilliseconds: number) {
    super(message);
    this.name = 'ReceiverBusy';
    this.waitMilliseconds = waitMilliseconds;
  }
}
