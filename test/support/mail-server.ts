// A small mail server: speaks SMTP with whoever connects, keeps what it takes, and answers as a test wants it. With a certificate it
// offers STARTTLS.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { CertificateFiles } from './certificate.ts';

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly isSecret: boolean;
  readonly login: string | null;
}

export class MailServer {
  readonly mails: TakenMail[] = [];
  /** What it says to the end of a mail; `reset` keeps it and dies, `trickle` goes on saying that there is more to come. */
  answer: (before: number) => string = () => '250 taken';
  port = 0;
  asked = 0;
  readonly #certificate: CertificateFiles | null;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(certificate: CertificateFiles | null = null) {
    this.#certificate = certificate;
  }

  /** Connections that are open now. */
  get connections(): number {
    return [...this.#sockets].filter(({ destroyed }) => !destroyed).length;
  }

  async open(): Promise<this> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.write('220 mail.test ESMTP\r\n');
      this.#talk(socket, false);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server?.close();
    this.#server = null;
  }

  #trickle(socket: Socket): void {
    const timer = setInterval(() => socket.write('250-wait\r\n'), 20);
    socket.on('close', () => clearInterval(timer));
  }

  #talk(socket: Socket, isSecret: boolean): void {
    let text = '';
    let from = '';
    let to: string[] = [];
    let login: string | null = null;
    let isData = false;
    const say = (line: string): unknown => socket.write(`${line}\r\n`);
    const hear = (line: string): void => {
      const word = line.slice(0, 4).toUpperCase();
      if (word === 'EHLO') {
        const offers = [...(this.#certificate !== null && !isSecret ? ['250-STARTTLS'] : []), '250 AUTH PLAIN'];
        say(['250-mail.test', ...offers].join('\r\n'));
      } else if (line.toUpperCase() === 'STARTTLS' && this.#certificate !== null) {
        socket.removeAllListeners('data');
        say('220 go on');
        const { certificate, key } = this.#certificate;
        const secret = new TLSSocket(socket, { isServer: true, cert: readFileSync(certificate), key: readFileSync(key) });
        secret.on('error', () => undefined);
        this.#talk(secret, true);
      } else if (word === 'AUTH') {
        login = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString();
        say('235 welcome');
      } else if (word === 'MAIL') {
        from = /<(.*?)>/.exec(line)?.[1] ?? '';
        to = [];
        say('250 ok');
      } else if (word === 'RCPT') {
        to.push(/<(.*?)>/.exec(line)?.[1] ?? '');
        say('250 ok');
      } else if (word === 'DATA') {
        isData = true;
        say('354 go on');
      } else if (word === 'QUIT') socket.end('221 bye\r\n');
      else say('500 what');
    };
    socket.on('data', (piece: Buffer) => {
      text += piece.toString();
      for (;;) {
        const ending = isData ? '\r\n.\r\n' : '\r\n';
        const at = text.indexOf(ending);
        if (at === -1) return;
        const part = text.slice(0, at);
        text = text.slice(at + ending.length);
        if (!isData) {
          hear(part);
          continue;
        }
        isData = false;
        const answer = this.answer(this.asked);
        this.asked += 1;
        if (answer.startsWith('250') || answer === 'reset') this.mails.push({ from, to, text: part, isSecret, login });
        if (answer === 'reset') socket.destroy();
        else if (answer === 'trickle') this.#trickle(socket);
        else say(answer);
      }
    });
  }
}
